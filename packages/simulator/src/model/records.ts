import { randomUUID } from 'node:crypto';
import type { Annotation, Build, BuildSpec, Job, JobSpec, Step, StepSpec } from './types.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** A job as the model alone sees it. */
export type JobRecord = Mutable<Job>;
/** A build as the model alone sees it. */
export type BuildRecord = Omit<Mutable<Build>, 'jobs' | 'annotations'> & {
  jobs: JobRecord[];
  annotations: Annotation[];
  cancelRequested: boolean;
};

/** Makes a step with a new id; everything optional is off. */
export function createStep(spec: StepSpec): Step {
  return {
    id: randomUUID(),
    key: spec.key ?? null,
    label: spec.label,
    command: spec.command,
    softFail: spec.softFail ?? false,
    automaticRetry: spec.automaticRetry ?? [],
    manualRetry: spec.manualRetry ?? { allowed: true, permitOnPassed: false, reason: null },
    priority: spec.priority ?? 0,
    cancelOnBuildFailing: spec.cancelOnBuildFailing ?? false,
    type: spec.type ?? 'script',
    timeoutInMinutes: spec.timeoutInMinutes ?? null,
    agents: spec.agents ?? ['queue=default'],
  };
}

export function newBuild(number: number, spec: BuildSpec, now: number): BuildRecord {
  return {
    id: spec.id ?? randomUUID(),
    number,
    state: 'scheduled',
    blocked: false,
    message: spec.message ?? 'Simulated build',
    branch: spec.branch ?? 'main',
    commit: spec.commit ?? 'HEAD',
    env: spec.env ?? {},
    metaData: spec.metaData ?? {},
    annotations: [],
    rebuiltFrom: spec.rebuiltFrom ?? null,
    author: spec.author ?? null,
    pullRequest: spec.pullRequest ?? null,
    createdAt: now,
    startedAt: null,
    failingAt: null,
    finishedAt: null,
    sealed: false,
    cancelRequested: false,
    jobs: [],
  };
}

export function newJob(buildNumber: number, spec: JobSpec, now: number): JobRecord {
  return {
    id: randomUUID(),
    buildNumber,
    step: spec.step,
    parallel: spec.parallel ?? null,
    retryCount: spec.retryCount ?? 0,
    retrySource: spec.retrySource ?? null,
    priority: spec.step.priority,
    state: 'waiting',
    exitStatus: null,
    reportedExitStatus: null,
    signal: null,
    signalReason: null,
    agent: null,
    passed: false,
    softFailed: false,
    promisedExitStatus: null,
    promisedExitStatusAt: null,
    promisedReason: null,
    createdAt: now,
    runnableAt: null,
    startedAt: null,
    finishedAt: null,
    retriedInJobId: null,
    retryType: null,
  };
}
