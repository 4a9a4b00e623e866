import { fs } from './builtins.ts';

/** Where log lines go. stderr only: stdout belongs to the runner. */
export interface Log {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  /** A line that Buildkite shows as a collapsible header, so that it can be found in a long log. */
  header(line: string): void;
}

export interface LogSeams {
  readonly write?: (text: string) => void;
  readonly redact?: (text: string) => string;
}

/** Lines prefixed with our name, written at once; the same warning is written once. */
export function createLog(debug: boolean, seams: LogSeams = {}): Log {
  const write = seams.write ?? writeToStderr;
  const redact = seams.redact ?? ((text) => text);
  const warned = new Set<string>();
  const print = (start: string, line: string) => write(`${start}${redact(line)}\n`);
  return {
    debug(line) {
      if (debug) print('promise-failure: debug: ', line);
    },
    info: (line) => print('promise-failure: ', line),
    warn(line) {
      if (warned.has(line)) return;
      warned.add(line);
      print('promise-failure: warning: ', line);
    },
    header: (line) => print('--- promise-failure: ', line),
  };
}

/**
 * Synchronous on purpose: a worker thread's `process.stderr` goes through the main thread, which may be busy
 * with tests or already exiting. A full or closed pipe loses the line, never the run.
 */
function writeToStderr(text: string): void {
  try {
    fs.writeSync(2, text);
  } catch {
    // Nowhere left to say it.
  }
}
