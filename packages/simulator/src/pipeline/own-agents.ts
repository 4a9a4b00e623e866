import type { Job, ModelEvent } from '../model/types.ts';
import type { Plan } from './plan.ts';
import type { RunningCommand } from './process.ts';
import { type JobRunOptions, runJob } from './run-job.ts';

/** How the stand-in for agents runs the jobs of one build. */
export interface OwnAgentsOptions extends JobRunOptions {
  /** Jobs at a time. @default as many as there are */
  readonly agents?: number | undefined;
  /** Between SIGTERM and SIGKILL of a cancelled job. @default 10000 */
  readonly graceMs?: number | undefined;
  /** Whether a scheduled job is the stand-in's. @default every one is */
  readonly takes?: ((job: Job) => boolean) | undefined;
  /** A job could not be started at all. */
  readonly onError: (error: unknown) => void;
}

/** The stand-in at work on one build. */
export interface OwnAgents {
  /** Looks for jobs to run, as after every change of the build. */
  look(): void;
  /** Takes no more jobs. */
  close(): void;
}

/** Runs scheduled jobs of the build as processes of this machine, at once and after every change. */
export function startOwnAgents(options: OwnAgentsOptions, plan: Plan): OwnAgents {
  const { simulator, agents = Number.POSITIVE_INFINITY, graceMs = 10_000, takes = () => true } = options;
  const { build } = plan;
  const commands = new Map<string, RunningCommand>();
  const taken = new Set<Job>();

  function look(): void {
    for (const job of build.jobs.toSorted((a, b) => b.priority - a.priority)) {
      if (job.state !== 'scheduled' || taken.has(job) || !takes(job)) continue;
      const busy = [...taken].filter(({ finishedAt }) => finishedAt === null).length;
      if (busy >= agents) return;
      taken.add(job);
      const onStart = (command: RunningCommand) => commands.set(job.id, command);
      runJob(options, { build, job, env: plan.envOf(job), onStart }).catch(options.onError);
    }
  }

  const unsubscribe = simulator.model.subscribe((event: ModelEvent) => {
    if (event.build.number !== build.number) return;
    if (event.type === 'job.canceling') commands.get(event.job.id)?.cancel(graceMs);
    look();
  });
  look();
  return { look, close: unsubscribe };
}
