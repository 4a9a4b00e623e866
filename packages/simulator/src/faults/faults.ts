/**
 * Where in a call a fault strikes. `connect`: before any request is read (on the next new connection);
 * `request`: the request was read, nothing is answered; `headers`: the headers were sent; `body`: half the body.
 */
export type FaultStage = 'connect' | 'request' | 'headers' | 'body';

/**
 * What happens to one call. `{}` is the server's real answer. `status`, `headers` and `body` replace that answer
 * (the call then has no effect, unless `handled`); the other fields spoil whichever answer is given.
 */
export interface FaultScript {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The real handler runs first although its answer is replaced or lost. */
  readonly handled?: boolean;
  /** Milliseconds before the first byte of the answer. */
  readonly delayMs?: number;
  /** Goes silent at this stage, with the connection open. */
  readonly hang?: FaultStage;
  /** Breaks the connection at this stage; over TCP with RST. */
  readonly reset?: FaultStage;
  /** Announces the whole body, sends half of it and closes in good order. */
  readonly truncate?: boolean;
  /** The server dies at this stage: all its connections break and it no longer listens. */
  readonly kill?: FaultStage;
  /** A unix socket's file is removed when this call arrives; open connections go on. */
  readonly removeSocket?: boolean;
}

/** Faults to come, one per call; the server changes nothing else about it, so tests may push more. */
export interface FaultQueue {
  readonly pending: FaultScript[];
  /** Keeps using the last script once all others are used up. @default false */
  repeatLast: boolean;
  /** Takes the script of the next call, `{}` when there is none. */
  take(): FaultScript;
  /** Takes the next script only if it strikes at `connect`. */
  takeAtConnect(): FaultScript | undefined;
}

/** Creates a queue from scripts in order of calls. */
export function createFaultQueue(scripts: readonly FaultScript[] = [], repeatLast = false): FaultQueue {
  return {
    pending: [...scripts],
    repeatLast,
    take() {
      const [next] = this.pending;
      if (this.pending.length > 1 || !this.repeatLast) this.pending.shift();
      return next ?? {};
    },
    takeAtConnect() {
      const [next] = this.pending;
      return next !== undefined && strikesAt(next, 'connect') ? this.take() : undefined;
    },
  };
}

/** Whether the script ends the call at `stage`, by silence, a broken connection or a dead server. */
export function strikesAt(script: FaultScript, stage: FaultStage): boolean {
  return script.hang === stage || script.reset === stage || script.kill === stage;
}
