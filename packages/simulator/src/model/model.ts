import type { Clock } from '../clock.ts';
import { type BuildMoves, buildMoves } from './build-moves.ts';
import type { ModelListener } from './events.ts';
import { type JobMoves, jobMoves } from './job-moves.ts';
import { type Notes, notes } from './notes.ts';
import { createState } from './state.ts';
import type { Build, Job } from './types.ts';

export type { JobEnd } from './job-moves.ts';

/** Where a model takes its time from, and the organization's settings. */
export interface ModelOptions {
  readonly clock: Clock;
  /** Whether a hard promise turns the build failing, a setting of the organization. @default true */
  readonly countPromises?: boolean;
}

/**
 * Builds and jobs with their transitions, in memory. A transition that the job's state does not allow throws;
 * asking twice for an end (cancel, seal) is a no-op. Every change is heard by subscribers in the same tick.
 */
export interface Model extends BuildMoves, JobMoves, Notes {
  readonly builds: ReadonlyMap<number, Build>;
  readonly countPromises: boolean;
  findJob(id: string): Job | undefined;
  /** Returns the way out. */
  subscribe(listener: ModelListener): () => void;
}

/** Creates an empty model. */
export function createModel({ clock, countPromises = true }: ModelOptions): Model {
  const state = createState(clock, countPromises);
  return {
    builds: state.builds,
    countPromises,
    findJob: (id) => state.jobs.get(id),
    subscribe: state.events.subscribe,
    ...buildMoves(state),
    ...jobMoves(state),
    ...notes(state),
  };
}
