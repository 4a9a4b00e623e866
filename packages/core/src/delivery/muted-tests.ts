import type { MutedKnowledge } from '../decision/decide.ts';
import type { Log } from '../log.ts';
import type { MutedList } from '../muted/index.ts';
import type { TestIdentity } from '../vocabulary.ts';

/** What this run knows of the muted tests, from nothing to the list, which is asked for when a test has failed. */
export class MutedTests {
  readonly #load: (() => Promise<MutedList>) | undefined;
  readonly #log: Log;
  readonly #onList: (list: MutedList) => void;
  readonly #onSettled: () => void;
  #state: MutedKnowledge;
  #list: MutedList | undefined;
  #underWay = false;

  /**
   * `load` is `undefined` where nothing is muted. `onList` is told in the moment in which the list is known, so that
   * nothing is decided between; `onSettled` when the question has its answer, good or bad.
   */
  constructor(
    load: (() => Promise<MutedList>) | undefined,
    log: Log,
    onList: (list: MutedList) => void,
    onSettled: () => void,
  ) {
    this.#load = load;
    this.#log = log;
    this.#onList = onList;
    this.#onSettled = onSettled;
    this.#state = load === undefined ? 'none' : 'loading';
  }

  get state(): MutedKnowledge {
    return this.#state;
  }

  /** An answer is waited for: what was posted is not dealt with before it is there. */
  get underWay(): boolean {
    return this.#underWay;
  }

  /** `unknown` while the list is on its way, and for ever if it cannot be had. */
  has(test: TestIdentity): boolean | 'unknown' {
    if (this.#state === 'none') return false;
    return this.#list === undefined ? 'unknown' : this.#list.match(test) !== undefined;
  }

  /** Beside the rest: a run error needs no list and must not wait for one. */
  ask(): void {
    if (this.#state !== 'loading' || this.#underWay || this.#load === undefined) return;
    this.#underWay = true;
    this.#load()
      .then(
        (list) => this.#know(list),
        (error: unknown) => this.#miss(error),
      )
      .catch((error: unknown) => this.#log.warn(`muted tests: ${String(error)}`))
      .finally(() => {
        this.#underWay = false;
        this.#onSettled();
      });
  }

  #know(list: MutedList): void {
    this.#state = list.isEmpty ? 'none' : 'known';
    this.#list = list;
    this.#onList(list);
  }

  #miss(error: unknown): void {
    this.#state = 'unavailable';
    const why = error instanceof Error ? error.message : String(error);
    this.#log.warn(
      `${why}; no failed test is promised without the list of muted tests, the job's own exit status says the rest`,
    );
  }
}
