import type { BuildReport, FailingJob } from '../build/build.ts';
import { isFinished } from '../build/status.ts';
import { mergeEvents } from './merge-reports.ts';

/** Most facts that are kept of events; the oldest go first. */
const mostFacts = 500;

/**
 * What events have said of one build. They may be late, doubled, out of order or of a state that is over, so they
 * are a reason to read the build, and no more; only the reasons of promises are known from nowhere else.
 */
export class Hearsay {
  readonly reasons = new Map<string, string>();
  readonly #facts = new Set<string>();
  #unconfirmed: BuildReport | undefined;

  /** Takes in an event's report; true if the build must be read to know whether it is so. */
  hear(told: BuildReport, known: BuildReport | undefined): boolean {
    const news = told.failingJobs.map((job) => this.#note(job)).includes(true);
    if (known !== undefined && !news && !contradicts(told, known)) return false;
    this.#unconfirmed = this.#unconfirmed === undefined ? told : mergeEvents(this.#unconfirmed, told);
    return true;
  }

  /** The build has been read since. */
  settle(): void {
    this.#unconfirmed = undefined;
  }

  /** What stands of the events where the build cannot be read: that it fails. An end is never taken on trust. */
  get failing(): BuildReport | undefined {
    return this.#unconfirmed?.status === 'failing' && !this.#unconfirmed.blocked
      ? this.#unconfirmed
      : undefined;
  }

  /** True for what was not heard before. */
  #note({ id, state, exitStatus, promised }: FailingJob): boolean {
    if (promised?.reason !== undefined) keep(this.reasons, id, promised.reason);
    const fact = JSON.stringify([id, state, exitStatus, promised?.exitStatus]);
    if (this.#facts.has(fact)) return false;
    this.#facts.add(fact);
    dropOldest(this.#facts);
    return true;
  }
}

function contradicts(told: BuildReport, known: BuildReport): boolean {
  if (isFinished(known.status)) return false;
  return told.blocked !== known.blocked || (told.status !== known.status && told.status !== 'accepted');
}

function keep(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  dropOldest(map);
}

function dropOldest(kept: Map<string, string> | Set<string>): void {
  const [oldest] = kept.keys();
  if (kept.size > mostFacts && oldest !== undefined) kept.delete(oldest);
}
