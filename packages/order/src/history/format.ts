/** One run in which a test file failed for good, or was flaky. */
export interface Failure {
  /** What ran: a build, in which several jobs may have run the same file. */
  readonly run: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly branch: string;
  /** Failed, then passed within its attempts. */
  readonly flaky: boolean;
  /** Milliseconds from the start of the file to its first failure. */
  readonly ms?: number | undefined;
}

/** What is remembered of one test file. */
export interface FileHistory {
  /** Milliseconds its last complete run took. */
  readonly ms?: number | undefined;
  /** Epoch milliseconds of that run; 0 without one. */
  readonly at: number;
  readonly failures: readonly Failure[];
}

/** Test files by their path from the top of the repository, with forward slashes. */
export type History = ReadonlyMap<string, FileHistory>;

const mark = '{"promiseFailureHistory":';
const version = 1;

/** A text that is not a history, and whether it may be one of a later version, or none of ours at all. */
export type Unreadable = { readonly because: string; readonly isOurs: boolean };

export function printHistory(history: History): string {
  const files = Object.fromEntries(
    [...history].map(([path, { ms, at, failures }]) => [
      path,
      { ms, at, ...(failures.length > 0 ? { failures } : {}) },
    ]),
  );
  return `${mark}${version},"files":${JSON.stringify(files)}}\n`;
}

export function parseHistory(text: string): History | Unreadable {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const isOurs = text === '' || text.startsWith(`${mark}${version},`);
    return { because: isOurs ? 'is cut short' : 'is not JSON', isOurs };
  }
  if (!isRecord(value) || value.promiseFailureHistory === undefined) {
    return { because: 'is not a history of test files', isOurs: false };
  }
  if (value.promiseFailureHistory !== version || !isRecord(value.files)) {
    const found = JSON.stringify(value.promiseFailureHistory);
    return { because: `has version ${found}, expected version ${version}`, isOurs: false };
  }
  return new Map(
    Object.entries(value.files).flatMap(([path, entry]) => {
      const read = readFile(entry);
      return read === undefined ? [] : [[path, read] as const];
    }),
  );
}

function readFile(value: unknown): FileHistory | undefined {
  if (!isRecord(value) || !isTime(value.at)) return undefined;
  const failures = Array.isArray(value.failures) ? value.failures.filter(isFailure) : [];
  return { ms: isTime(value.ms) ? value.ms : undefined, at: value.at, failures };
}

function isFailure(value: unknown): value is Failure {
  if (!isRecord(value)) return false;
  const { run, at, branch, flaky, ms } = value;
  const hasTimes = isTime(at) && (ms === undefined || isTime(ms));
  return typeof run === 'string' && typeof branch === 'string' && typeof flaky === 'boolean' && hasTimes;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
