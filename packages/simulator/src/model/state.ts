import type { Clock } from '../clock.ts';
import { createEventStream, type EventStream } from './events.ts';
import type { BuildRecord, JobRecord } from './records.ts';
import type { BuildEvent, BuildNote, Job, JobEvent } from './types.ts';

/** Everything a model holds. */
export interface ModelState {
  readonly clock: Clock;
  readonly countPromises: boolean;
  readonly builds: Map<number, BuildRecord>;
  readonly jobs: Map<string, JobRecord>;
  readonly events: EventStream;
}

export function createState(clock: Clock, countPromises: boolean): ModelState {
  return { clock, countPromises, builds: new Map(), jobs: new Map(), events: createEventStream() };
}

export function buildOf({ builds }: ModelState, number: number): BuildRecord {
  const build = builds.get(number);
  if (build === undefined) throw new Error(`build ${number} is unknown to this model`);
  return build;
}

/** The job's record; throws if it is unknown, or in none of the given states. */
export function jobIn({ jobs }: ModelState, id: string, ...states: Job['state'][]): JobRecord {
  const job = jobs.get(id);
  if (job === undefined) throw new Error(`job ${id} is unknown to this model`);
  if (states.length > 0 && !states.includes(job.state)) {
    throw new Error(`job ${job.step.label} is ${job.state}, not ${states.join(' or ')}`);
  }
  return job;
}

export function tellJob(state: ModelState, type: JobEvent['type'], job: JobRecord): void {
  state.events.emit({ type, at: state.clock.now(), build: buildOf(state, job.buildNumber), job });
}

export function tellNote({ events, clock }: ModelState, build: BuildRecord, note: BuildNote): void {
  events.emit({ type: 'build.changed', at: clock.now(), build, note });
}

export function tellBuild({ events, clock }: ModelState, type: BuildEvent['type'], build: BuildRecord): void {
  events.emit({ type, at: clock.now(), build });
}
