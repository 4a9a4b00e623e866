/** Called with a job's id when its log has grown. */
type LogListener = (jobId: string) => void;

/** The logs of all jobs, in memory. */
export interface JobLogs {
  /** Adds to the end. */
  append(jobId: string, text: string): void;
  /** Puts a part where it belongs: an agent sends several at once, and repeats what got no answer. */
  write(jobId: string, offset: number, part: Buffer): void;
  /** Everything so far; empty for a job that has said nothing. */
  read(jobId: string): Buffer;
  clear(jobId: string): void;
  /** Returns the way out. */
  subscribe(listener: LogListener): () => void;
}

/** Most bytes kept of one job. Source: buildkite/docs pages/pipelines/configure/managing_log_output.md. */
const limitBytes = 1024 * 1024 * 1024;

/** Creates an empty store. */
export function createJobLogs(): JobLogs {
  const logs = new Map<string, { buffer: Buffer; length: number }>();
  const listeners = new Set<LogListener>();

  function write(jobId: string, offset: number, part: Buffer): void {
    const end = offset + part.length;
    if (end > limitBytes) return;
    const log = logs.get(jobId) ?? { buffer: Buffer.alloc(4096), length: 0 };
    if (end > log.buffer.length) {
      const larger = Buffer.alloc(Math.max(end, log.buffer.length * 2));
      log.buffer.copy(larger);
      log.buffer = larger;
    }
    part.copy(log.buffer, offset);
    log.length = Math.max(log.length, end);
    logs.set(jobId, log);
    for (const listener of listeners) listener(jobId);
  }

  return {
    write,
    append: (jobId, text) => write(jobId, logs.get(jobId)?.length ?? 0, Buffer.from(text)),
    read(jobId) {
      const log = logs.get(jobId);
      return log === undefined ? Buffer.alloc(0) : log.buffer.subarray(0, log.length);
    },
    clear(jobId) {
      logs.delete(jobId);
      for (const listener of listeners) listener(jobId);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
