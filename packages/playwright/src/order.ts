import type { FullConfig, Suite } from '@playwright/test/reporter';
import type { Knowledge, RedFirst } from '@promise-failure/order';
import { movableFiles } from './partition.ts';
import { type IsMuted, toFileResults } from './results.ts';

/** What Playwright hands to `preprocess`. */
export interface Preprocess {
  readonly config: FullConfig;
  readonly suite: Suite;
}

type Options = Readonly<Record<string, unknown>>;

/** The order that the options or the environment ask for. Nothing is loaded where they ask for none. */
export class Ordering {
  readonly #options: Options;
  readonly #rootDir: string;
  readonly #isAsked: boolean;
  #redFirst: RedFirst | undefined;
  #suite: Suite | undefined;
  #isPreprocessed = false;

  constructor(given: object, rootDir: string) {
    const options = given as Options;
    this.#options = options;
    this.#rootDir = rootDir;
    const isRun = options._mode === undefined || options._mode === 'test';
    this.#isAsked = isRun && (options.order ?? (process.env.PROMISE_FAILURE_ORDER || 'off')) !== 'off';
  }

  /** Sorts the files of each project in place. Never rejects. */
  async arrange({ config, suite }: Preprocess): Promise<void> {
    if (!this.#isAsked) return;
    this.#isPreprocessed = true;
    try {
      const redFirst = await this.#open();
      if (redFirst === undefined) return;
      const projects = suite.suites;
      const movable = config.shard === null ? undefined : movableFiles(projects, config, process.env);
      if (movable?.size === 0) {
        redFirst.log.info(
          'red first: this shard keeps its order, as another one might change what each shard runs',
        );
        return;
      }
      const files = projects.flatMap((project) => project.suites);
      const ours = files.filter((file) => movable === undefined || movable.has(file));
      const knowledge = await redFirst.learn(ours.map(pathOf));
      for (const project of projects) sortFiles(project, knowledge, (file) => movable?.has(file) ?? true);
    } catch (error) {
      process.stderr.write(`promise-failure: warning: the order of tests stays as it is: ${String(error)}\n`);
    }
  }

  began(suite: Suite): void {
    this.#suite = suite;
  }

  /** Remembers what the run showed; says once if this Playwright cannot be given an order. */
  async ended(isMuted: IsMuted): Promise<void> {
    if (!this.#isAsked || this.#suite === undefined) return;
    try {
      const redFirst = await this.#open();
      if (!this.#isPreprocessed)
        redFirst?.log.warn('order needs Playwright 1.62 or newer: its own order stays');
      redFirst?.record(toFileResults(this.#suite, isMuted, process.argv));
    } catch {
      // Opening it has failed before, and that was told.
    }
  }

  async #open(): Promise<RedFirst | undefined> {
    const { openRedFirst } = await import('@promise-failure/order');
    this.#redFirst ??= openRedFirst({ rootDir: this.#rootDir, options: this.#options });
    return this.#redFirst;
  }
}

/** `entries()` gives the list itself, and groups are made from it later (playwright runner/loadUtils.ts, 1.62 to 1.65). */
function sortFiles(project: Suite, knowledge: Knowledge, isMovable: (file: Suite) => boolean): void {
  const entries = project.entries();
  const slots = entries.flatMap((entry, at) => (entry.type === 'file' && isMovable(entry) ? [at] : []));
  const files = slots.flatMap((at) => {
    const entry = entries[at];
    return entry?.type === 'file' ? [entry] : [];
  });
  const ranked = knowledge.rank(files, pathOf);
  slots.forEach((at, index) => {
    const file = ranked[index];
    if (file !== undefined) entries[at] = file;
  });
}

function pathOf(file: Suite): string {
  return file.location?.file ?? file.title;
}
