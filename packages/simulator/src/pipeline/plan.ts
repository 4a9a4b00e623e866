import type { Environment } from '../agent/environment.ts';
import { isForBranch } from '../model/branches.ts';
import type { Model } from '../model/model.ts';
import { createStep } from '../model/records.ts';
import type { Build, Job, Step } from '../model/types.ts';
import { readinessOf } from './dependencies.ts';
import type { Pipeline, PipelineStep } from './pipeline.ts';

/** A build with what its pipeline says of order and environment. */
export interface Plan {
  readonly build: Build;
  /** What pipeline and step add to the environment of a job. */
  envOf(job: Job): Environment;
  /** Adds the steps of another pipeline, which `job` of this build uploads while it runs. */
  upload(job: Job, pipeline: Pipeline): void;
  /** No more steps are released. */
  close(): void;
}

interface PlannedStep {
  readonly env: Environment;
  /** Steps that must have passed before. */
  readonly before: Step[];
}

/** Adds a pipeline's jobs to the build and releases each when what it waits for has passed. */
export function startPlan(model: Model, build: Build, pipeline: Pipeline, minuteMs = 60_000): Plan {
  const steps = new Map<Step, PlannedStep>();

  function add({ env, steps: sources }: Pipeline): Step[] {
    const made = sources.map((source) => createStep(source));
    sources.forEach((source, index) => {
      const step = made[index];
      if (step === undefined) return;
      const before = source.after.flatMap((place) => made[place] ?? []);
      steps.set(step, { env: { ...env, ...source.env }, before });
      addJobs(model, build, step, source);
    });
    return made;
  }

  // Each change made here comes back through the model's events, so every job's state is looked at afresh.
  function releaseWaiting(): void {
    for (const job of [...build.jobs]) {
      if (job.state !== 'waiting') continue;
      const readiness = readinessOf(build, steps.get(job.step)?.before ?? []);
      if (readiness === 'ready') model.schedule(job);
      if (readiness === 'never') model.failWaiting(job);
    }
  }

  const timers = new Map<string, NodeJS.Timeout>();
  function watchTime(job: Job): void {
    const { timeoutInMinutes } = job.step;
    clearTimeout(timers.get(job.id));
    if (job.state !== 'running' || timeoutInMinutes === null) return;
    const expire = () => job.state === 'running' && model.timeOut(job);
    timers.set(job.id, setTimeout(expire, timeoutInMinutes * minuteMs).unref());
  }

  const unsubscribe = model.subscribe((event) => {
    if (event.build.number !== build.number) return;
    if ('job' in event) watchTime(event.job);
    releaseWaiting();
  });
  add(pipeline);
  model.seal(build);
  releaseWaiting();
  return {
    build,
    envOf: ({ step }) => steps.get(step)?.env ?? {},
    upload(job, more) {
      model.unseal(build);
      const waiting = [...steps].filter(([, { before }]) => before.includes(job.step));
      const added = add(more);
      // What waits for the uploading job waits for what it uploads, too.
      for (const [, { before }] of waiting) before.push(...added);
      model.seal(build);
      releaseWaiting();
    },
    close() {
      unsubscribe();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function addJobs(model: Model, build: Build, step: Step, source: PipelineStep): void {
  const total = source.parallelism;
  const foreign = isForBranch(source.branches, build.branch) ? undefined : 'broken';
  const never = source.skip === true ? 'skipped' : foreign;
  for (let index = 0; index < (total ?? 1); index++) {
    const parallel = total === undefined ? undefined : { index, total };
    model.addJob(build, { step, parallel, waiting: true, never });
  }
}
