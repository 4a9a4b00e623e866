import type { Build } from '../model/types.ts';
import { type OwnAgentsOptions, startOwnAgents } from './own-agents.ts';
import type { Pipeline } from './pipeline.ts';
import { startPlan } from './plan.ts';

/** How to run a pipeline. */
export interface RunOptions extends Omit<OwnAgentsOptions, 'takes' | 'onError'> {
  readonly pipeline: Pipeline;
  /** The build to run it in, without jobs. @default a new one */
  readonly build?: Build;
  /** Milliseconds of a minute of `timeout_in_minutes`. @default 60000 */
  readonly minuteMs?: number;
}

/** A pipeline that runs. */
export interface PipelineRun {
  readonly build: Build;
  /** Resolves with the build at its end; rejects when a job could not be started at all. */
  readonly ended: Promise<Build>;
}

/** Runs a pipeline as a build of the simulator, every job as a real process. */
export function runPipeline(options: RunOptions): PipelineRun {
  const { model } = options.simulator;
  const build = options.build ?? model.createBuild();
  const ended = new Promise<Build>((resolve, reject) => {
    const onError = (error: unknown) => {
      reject(error);
      model.cancelBuild(build);
    };
    const unsubscribe = model.subscribe((event) => {
      // A blocked build is told as finished, too, and goes on when somebody unblocks it.
      if (event.type !== 'build.finished' || event.build !== build || build.blocked) return;
      unsubscribe();
      own.close();
      plan.close();
      resolve(build);
    });
    const plan = startPlan(model, build, options.pipeline, options.minuteMs);
    const own = startOwnAgents({ ...options, onError }, plan);
  });
  return { build, ended };
}
