import type { EvidenceDocument } from '../evidence/document.ts';
import type { JobAnnotation } from '../evidence/job-annotation.ts';
import type { Log } from '../log.ts';
import type { Sleep } from '../sleep.ts';
import { Paced } from './paced.ts';

export interface AnnotationUpdatesSetup {
  readonly job: JobAnnotation;
  /** What there is to show, or nothing yet. */
  readonly read: () => EvidenceDocument | undefined;
  readonly drainMs: number;
  readonly log: Log;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly sleep: Sleep;
}

/** Milliseconds between two updates, longer after each that failed. */
const restMs = 3000;
const longestRestMs = 60_000;
/** Share of the drain timeout, from the end of the run on, for the last update: the rest is for the run's exit status. */
const drainShare = 0.8;

/** The updates that this process makes to its job's annotation. No method throws or rejects. */
export class AnnotationUpdates {
  readonly #setup: AnnotationUpdatesSetup;
  readonly #turns: Paced;
  /** Ends with what the annotation may take, and with a refusal that will not change. */
  readonly #sending = new AbortController();
  #failures = 0;
  #state: 'going on' | 'ending' | 'over' = 'going on';
  #finished: Promise<void> | undefined;

  constructor(setup: AnnotationUpdatesSetup) {
    this.#setup = setup;
    this.#turns = new Paced(() => this.#update(), {
      restMs: () => Math.min(longestRestMs, restMs * 2 ** this.#failures),
      onError: (error) => this.#tell(error),
      now: setup.now,
      sleep: setup.sleep,
    });
  }

  /** Nothing after the last update: the process may end in the midst of it. */
  ask(): void {
    if (this.#state !== 'over' && !this.#sending.signal.aborted) this.#turns.ask();
  }

  /**
   * The last update; after it there is nothing to add, for the exit status is not shown. Whoever asks waits until it is
   * made, also who is not the first: the process may end then. `endedAt` is in monotonic milliseconds: whoever ended the
   * run has waited since, and would wait in vain for more.
   */
  finish(endedAt: number): Promise<void> {
    this.#finished ??= this.#finish(endedAt);
    return this.#finished;
  }

  async #finish(endedAt: number): Promise<void> {
    if (this.#state !== 'going on' || this.#sending.signal.aborted) return;
    this.#state = 'ending';
    const { drainMs, now } = this.#setup;
    const timer = setTimeout(() => this.#sending.abort(), endedAt + drainShare * drainMs - now());
    await this.#turns.finish();
    clearTimeout(timer);
    this.#state = 'over';
  }

  cancel(): void {
    this.#state = 'over';
    this.#sending.abort();
  }

  async #update(): Promise<void> {
    const { job, read, log } = this.#setup;
    if (this.#sending.signal.aborted) return;
    const early = restMs - job.age;
    if (early > 0 && this.#state === 'going on') {
      // Another process has just shown all there was; unless it is over by then, this one has the next turn.
      setTimeout(() => this.ask(), early);
      return;
    }
    const result = await job.update(read, this.#sending.signal);
    if (result.done) {
      this.#failures = 0;
      return;
    }
    log.warn(`the annotation could not be made: ${result.message}`);
    this.#failures++;
    if (result.verdict === 'terminal') this.#sending.abort();
    else if (this.#state === 'going on') this.#turns.ask();
  }

  #tell(error: unknown): void {
    const { log, drainMs } = this.#setup;
    if (this.#state === 'over') return;
    log.warn(
      this.#sending.signal.aborted
        ? `the annotation has no answer after ${Math.round(drainShare * drainMs)} ms; the run ends without waiting for it`
        : `the annotation could not be made: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
