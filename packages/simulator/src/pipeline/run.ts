import { createStep } from '../model/records.ts';
import type { Build, Job, ModelEvent, Step } from '../model/types.ts';
import { readinessOf } from './dependencies.ts';
import type { Pipeline, PipelineStep } from './pipeline.ts';
import type { RunningCommand } from './process.ts';
import { type JobRunOptions, runJob } from './run-job.ts';

/** How to run a pipeline. */
export interface RunOptions extends JobRunOptions {
  readonly pipeline: Pipeline;
  /** Jobs at a time. @default as many as there are */
  readonly agents?: number | undefined;
  /** Between SIGTERM and SIGKILL of a cancelled job. @default 10000 */
  readonly graceMs?: number | undefined;
}

/** A pipeline that runs. */
export interface PipelineRun {
  readonly build: Build;
  /** Resolves with the build at its end; rejects when a job could not be started at all. */
  readonly ended: Promise<Build>;
}

/** A step of the build with where it comes from, and the steps that must have passed before. */
interface PlannedStep {
  readonly source: PipelineStep;
  readonly before: readonly Step[];
}

/** Runs a pipeline as a new build of the simulator, every job as a real process. */
export function runPipeline(options: RunOptions): PipelineRun {
  const { model } = options.simulator;
  const build = model.createBuild();
  const plan = planSteps(options.pipeline);
  for (const [step, { source }] of plan) {
    const total = source.parallelism;
    for (let index = 0; index < (total ?? 1); index++) {
      const parallel = total === undefined ? undefined : { index, total };
      model.addJob(build, { step, parallel, waiting: true });
    }
  }
  model.seal(build);
  return { build, ended: drive(options, build, plan) };
}

function planSteps({ steps }: Pipeline): ReadonlyMap<Step, PlannedStep> {
  const made = steps.map((source) => ({ source, step: createStep(source) }));
  return new Map(
    made.map(({ source, step }) => {
      const before = source.after.flatMap((index) => made[index]?.step ?? []);
      return [step, { source, before }];
    }),
  );
}

/** Starts what can start, at once and after every change, until the build has ended. */
function drive(options: RunOptions, build: Build, plan: ReadonlyMap<Step, PlannedStep>): Promise<Build> {
  const { pipeline, simulator, agents = Number.POSITIVE_INFINITY, graceMs = 10_000 } = options;
  const { model } = simulator;
  const commands = new Map<string, RunningCommand>();
  const taken = new Set<Job>();

  // Each change made here comes back through the model's events, so every job's state is looked at afresh.
  function releaseWaiting(): void {
    for (const job of [...build.jobs]) {
      if (job.state !== 'waiting') continue;
      const readiness = readinessOf(build, plan.get(job.step)?.before ?? []);
      if (readiness === 'ready') model.schedule(job);
      if (readiness === 'never') model.failWaiting(job);
    }
  }

  return new Promise((resolve, reject) => {
    const abandon = (error: unknown) => {
      reject(error);
      model.cancelBuild(build);
    };

    function startScheduled(): void {
      for (const job of [...build.jobs]) {
        if (job.state !== 'scheduled' || taken.has(job)) continue;
        const busy = [...taken].filter(({ finishedAt }) => finishedAt === null).length;
        if (busy >= agents) return;
        taken.add(job);
        const env = { ...pipeline.env, ...plan.get(job.step)?.source.env };
        const onStart = (command: RunningCommand) => commands.set(job.id, command);
        runJob(options, { build, job, env, onStart }).catch(abandon);
      }
    }

    function react(event: ModelEvent): void {
      if (event.build.number !== build.number) return;
      if (event.type === 'job.canceling') commands.get(event.job.id)?.cancel(graceMs);
      if (event.type === 'build.finished') {
        unsubscribe();
        resolve(build);
      }
      releaseWaiting();
      startScheduled();
    }

    const unsubscribe = model.subscribe(react);
    releaseWaiting();
    startScheduled();
  });
}
