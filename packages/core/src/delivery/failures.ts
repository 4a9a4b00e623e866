import type { OwnRun } from '../decision/standing.ts';
import type { MutedList } from '../muted/index.ts';
import { StateMap } from '../state-map.ts';
import type { RunError, TestIdentity } from '../vocabulary.ts';

type Muted = boolean | 'unknown';

/** Names shown at most, in a reason or at the end of a run. */
export const mostNames = 10;

/** Muted tests that the runner's thread is told of at most. */
const mostIds = 1000;

const kinds = ['hard', 'muted', 'unknown'] as const;
type Kind = (typeof kinds)[number];

/**
 * What has failed for good in this run: tests, and which of them are muted, and errors that no test owns. Of the first
 * few it keeps who they are, of the rest little more than that they have failed; all numbers are counted along.
 */
export class Failures {
  readonly #tests = new StateMap([...kinds, 'taken back']);
  readonly #runErrors = new Map<string, string>();
  readonly #weak = new Set<string>();
  readonly #counts = { hard: 0, muted: 0, unknown: 0 };
  readonly #shown = { hard: new Map<string, TestIdentity>(), muted: new Map<string, TestIdentity>() };
  readonly #shownErrors: RunError[] = [];
  #unnamed = 0;
  /** The runner's own keys of tests that are muted. */
  readonly mutedIds: string[] = [];
  /** Those for whom the list of muted tests is waited for. */
  readonly #undecided = new Map<string, { readonly id: string; readonly test: TestIdentity }>();

  count(muted: Muted): number {
    return this.#counts[kindOf(muted)];
  }

  get runErrors(): number {
    return this.#runErrors.size;
  }

  get weakRunErrors(): number {
    return this.#weak.size;
  }

  /** Failures of tests not known to be muted, and run errors. */
  get hard(): number {
    return this.#counts.hard + this.#counts.unknown + this.#runErrors.size;
  }

  /** The first few of the failed tests that are known to be muted, or not to be. */
  shown(muted: boolean): readonly TestIdentity[] {
    return [...this.#shown[muted ? 'muted' : 'hard'].values()];
  }

  get shownErrors(): readonly RunError[] {
    return this.#shownErrors;
  }

  /** `id` is the runner's own key, `key` that of the job. False if it is known already. */
  addTest(key: string, id: string, test: TestIdentity, muted: Muted): boolean {
    if (this.#kindOf(key) !== undefined) return false;
    this.#keep(key, id, test, muted);
    if (muted === 'unknown') this.#undecided.set(key, { id, test });
    return true;
  }

  /** Failures of tests that are not muted, and of whom nothing is known. */
  addUnnamed(count: number): void {
    this.#counts.hard += count;
    this.#unnamed += count;
  }

  /** Forgets one of those of whom nothing is known; false if there is none. */
  removeUnnamed(): boolean {
    if (this.#unnamed === 0) return false;
    this.#unnamed--;
    this.#counts.hard--;
    return true;
  }

  /** `weak`: muted tests may account for it. False if it is known already. */
  addRunError(key: string, error: RunError, weak: boolean): boolean {
    if (this.#runErrors.has(key)) return false;
    this.#runErrors.set(key, '');
    if (weak) this.#weak.add(key);
    if (this.#shownErrors.length < mostNames) this.#shownErrors.push(error);
    return true;
  }

  /** Forgets a test; whether it was muted, or `undefined` if there is none. */
  remove(key: string): Muted | undefined {
    const kind = this.#kindOf(key);
    if (kind === undefined) return undefined;
    this.#tests.set(key, 'taken back');
    this.#counts[kind]--;
    this.#undecided.delete(key);
    if (kind !== 'unknown') this.#shown[kind].delete(key);
    return mutedOf[kind];
  }

  /** Decides about those that waited for the list, and tells of each. */
  apply(list: MutedList, onDecided: (key: string, test: TestIdentity, muted: boolean) => void): void {
    for (const [key, { id, test }] of this.#undecided) {
      const muted = list.match(test) !== undefined;
      this.#counts.unknown--;
      this.#keep(key, id, test, muted);
      onDecided(key, test, muted);
    }
    this.#undecided.clear();
  }

  /** There will be no list: nobody waits any more. */
  giveUp(): void {
    this.#undecided.clear();
  }

  /** As they are counted with those of other runs. */
  get own(): Pick<OwnRun, 'hard' | 'isHard' | 'runErrors' | 'weak'> {
    return {
      hard: this.#counts.hard,
      isHard: (key) => this.#kindOf(key) === 'hard',
      runErrors: this.#runErrors,
      weak: this.#weak,
    };
  }

  #kindOf(key: string): Kind | undefined {
    const kind = this.#tests.get(key);
    return kind === 'taken back' ? undefined : kind;
  }

  #keep(key: string, id: string, test: TestIdentity, muted: Muted): void {
    const kind = kindOf(muted);
    this.#tests.set(key, kind);
    this.#counts[kind]++;
    if (kind === 'muted' && this.mutedIds.length < mostIds) this.mutedIds.push(id);
    if (kind !== 'unknown' && this.#shown[kind].size < mostNames) this.#shown[kind].set(key, test);
  }
}

const mutedOf: Readonly<Record<Kind, Muted>> = { hard: false, muted: true, unknown: 'unknown' };

function kindOf(muted: Muted): Kind {
  if (muted === 'unknown') return 'unknown';
  return muted ? 'muted' : 'hard';
}
