import { fs, path } from '../builtins.ts';
import type { RunnerName } from '../vocabulary.ts';

const { appendFileSync, closeSync, fstatSync, openSync, readdirSync, readSync } = fs;
const { join } = path;

/** One line of a ledger file. Names are redacted before they are written. */
export type LedgerLine =
  | {
      readonly type: 'run';
      readonly runner: RunnerName;
      readonly root: string;
      readonly pid: number;
      readonly startedAt: number;
      readonly exitStatus: number;
      /** The process that runs the runner again, if it is known: runs of one such process are one test's attempts. */
      readonly family?: string;
    }
  | {
      readonly type: 'failed';
      readonly key: string;
      readonly name: string;
      readonly muted: boolean | 'unknown';
    }
  /** `weak`: muted tests may account for it. */
  | { readonly type: 'run error'; readonly key: string; readonly name: string; readonly weak?: boolean }
  | { readonly type: 'passed'; readonly key: string }
  | { readonly type: 'total'; readonly total: number }
  /** The file has reached its greatest size: there are more failures than it tells. */
  | { readonly type: 'overflow' }
  | { readonly type: 'end'; readonly at: number; readonly cutShort?: boolean };

/** What the job's ledger tells of one run of a runner. */
export interface RunView {
  readonly runner: RunnerName;
  readonly root: string;
  readonly startedAt: number;
  readonly exitStatus: number;
  readonly family: string;
  readonly endedAt: number | undefined;
  /** The run ended before all of its tests had run. */
  readonly cutShort?: boolean;
  readonly total: number | undefined;
  readonly overflow: boolean;
  /** Tests that failed for good, by a key that is the same in every run of the job; another run reads no names. */
  readonly failed: ReadonlyMap<string, { readonly name: string; readonly muted: boolean | 'unknown' }>;
  readonly runErrors: ReadonlyMap<string, string>;
  /** Keys of the run errors that muted tests may account for. */
  readonly weak: ReadonlySet<string>;
}

/** Greatest size of one process's file, in bytes: some ten thousand failures. */
const mostBytes = 2 * 1024 * 1024;
const ending = '.jsonl';

/**
 * The ledger that all processes of one job share: an append-only file per process in the job's folder. No lock,
 * nothing to repair after a crash: a torn last line is ignored, and a run without an `end` line has not ended.
 */
export class JobLedger {
  readonly #folder: string;
  readonly #file: string;
  readonly #others = new Map<string, FileReader>();
  #bytes = 0;
  #overflown = false;

  constructor(folder: string, run: Extract<LedgerLine, { type: 'run' }>, name: string) {
    this.#folder = folder;
    this.#file = `${name}${ending}`;
    this.append(run);
  }

  /** There are more failures than the file tells: of further ones it takes none. */
  get isFull(): boolean {
    return this.#overflown;
  }

  /** Adds one line. Throws what the file system throws. */
  append(line: LedgerLine): void {
    if (this.#overflown && line.type !== 'end') return;
    let text = `${JSON.stringify(line)}\n`;
    if (this.#bytes + text.length > mostBytes && line.type !== 'end') {
      this.#overflown = true;
      text = `${JSON.stringify({ type: 'overflow' } satisfies LedgerLine)}\n`;
    }
    appendFileSync(join(this.#folder, this.#file), text, { mode: 0o600 });
    this.#bytes += Buffer.byteLength(text);
  }

  /** The other runs of this job as far as they have come, each read on from where the last call stopped. */
  readOthers(): readonly RunView[] {
    return readNew(this.#folder, this.#others, { skip: this.#file, named: false });
  }
}

/** All runs a job's folder tells of, for a reader that is no run itself. */
export function readJobLedger(folder: string): readonly RunView[] {
  return readNew(folder, new Map(), { named: true });
}

function readNew(
  folder: string,
  readers: Map<string, FileReader>,
  { skip, named }: { readonly skip?: string; readonly named: boolean },
): readonly RunView[] {
  const views: RunView[] = [];
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(ending) || name === skip) continue;
    let reader = readers.get(name);
    if (reader === undefined) {
      reader = new FileReader(join(folder, name), named);
      readers.set(name, reader);
    }
    const view = reader.read();
    if (view !== undefined) views.push(view);
  }
  return views;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type GrowingView = Mutable<Omit<RunView, 'failed' | 'runErrors' | 'weak'>> & {
  failed: Map<string, { readonly name: string; readonly muted: boolean | 'unknown' }>;
  runErrors: Map<string, string>;
  weak: Set<string>;
};

/** Of the many thousands in a storm one object each would be too much. */
const nameless = {
  false: { name: '', muted: false },
  true: { name: '', muted: true },
  unknown: { name: '', muted: 'unknown' },
} as const;

/** Folds one file's lines into a view, reading only what was added since the last call. */
class FileReader {
  readonly #path: string;
  readonly #named: boolean;
  #offset = 0;
  #view: GrowingView | undefined;

  constructor(path: string, named: boolean) {
    this.#path = path;
    this.#named = named;
  }

  read(): RunView | undefined {
    for (const line of this.#readAdded().split('\n')) {
      const parsed = parseLine(line);
      if (parsed !== undefined) this.#fold(parsed);
    }
    return this.#view;
  }

  #readAdded(): string {
    const file = openSync(this.#path, 'r');
    try {
      const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#offset));
      const length = readSync(file, buffer, 0, buffer.length, this.#offset);
      // Only whole lines are taken: a multi-byte character may be cut at the end.
      const whole = buffer.subarray(0, buffer.subarray(0, length).lastIndexOf(10) + 1);
      this.#offset += whole.length;
      return whole.toString('utf8');
    } finally {
      closeSync(file);
    }
  }

  #failedTest({ name, muted }: Extract<LedgerLine, { type: 'failed' }>) {
    return this.#named ? { name, muted } : nameless[`${muted}`];
  }

  #fold(line: LedgerLine): void {
    if (line.type === 'run') {
      const { runner, root, startedAt, exitStatus, family = '' } = line;
      this.#view = {
        ...{ runner, root, startedAt, exitStatus, family },
        ...{ endedAt: undefined, total: undefined, overflow: false },
        failed: new Map(),
        runErrors: new Map(),
        weak: new Set(),
      };
      return;
    }
    const view = this.#view;
    if (view === undefined) return;
    if (line.type === 'failed') view.failed.set(line.key, this.#failedTest(line));
    else if (line.type === 'run error') {
      view.runErrors.set(line.key, line.name);
      if (line.weak) view.weak.add(line.key);
    } else if (line.type === 'passed') view.failed.delete(line.key);
    else if (line.type === 'total') view.total = line.total;
    else if (line.type === 'overflow') view.overflow = true;
    else if (line.type === 'end') {
      view.endedAt = line.at;
      if (line.cutShort) view.cutShort = true;
    }
  }
}

function parseLine(line: string): LedgerLine | undefined {
  try {
    return JSON.parse(line) as LedgerLine;
  } catch {
    return undefined;
  }
}
