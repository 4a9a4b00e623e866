import { Worker } from 'node:worker_threads';
import { monotonicMs } from '../clock.ts';
import { findPnp } from '../packages.ts';
import type { Awaited, Channel, ChannelMessage, DeliverySetup, DeliverySummary } from './channel.ts';
import { prepareDirect, type SendDirectly } from './direct.ts';
import { Posted } from './posted.ts';
import { awaitable, cellBytes, cells, commandsIn, type Settled, type WorkerStart } from './worker-start.ts';

/**
 * The delivery as it is bundled when the package is built: a name and no import, since the delivery stands above the
 * channel, and CommonJS, since Node aborts the whole process when a thread is ended that is loading ES modules.
 */
const threadFile = new URL('../thread/thread.cjs', import.meta.url);

/** Little room for what is soon garbage, as most of the messages about a storm of failures. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

/** Milliseconds between two starts of the thread, so that one which cannot live costs a run with many failures little. */
const restartAfterMs = 1000;

/** A command that has not started by then ends as soon as it does. */
const startingMs = 500;

const newCells = () => new Int32Array(new SharedArrayBuffer(cellBytes));

/**
 * A channel to a worker thread, which sends while the runner keeps this thread busy: synchronous tests in band
 * never let the event loop run, and a request made here would leave when they are done.
 */
export function openWorkerChannel(setup: DeliverySetup, onTrouble: (error: unknown) => void): Channel {
  return new WorkerChannel(setup, onTrouble);
}

class WorkerChannel implements Channel {
  readonly #setup: DeliverySetup;
  readonly #onTrouble: (error: unknown) => void;
  readonly #posted = new Posted();
  /** Failed tests that are no more than counted. */
  #untold = 0;
  /** Until something was said that may concern a promise. */
  #sendDirectly: SendDirectly | 'not loaded' | undefined = 'not loaded';
  #worker: Worker | undefined;
  #cells = newCells();
  #startedAt = Number.NEGATIVE_INFINITY;
  #last: Settled | undefined;
  /** Looks of those who wait: the end of the run may come while the process already waits to exit. */
  readonly #looks = new Set<() => void>();

  constructor(setup: DeliverySetup, onTrouble: (error: unknown) => void) {
    this.#setup = setup;
    this.#onTrouble = onTrouble;
  }

  warm(): void {
    this.#loadDirect();
    this.#startAnew();
  }

  post(message: ChannelMessage): void {
    if (message.type === 'failed' && this.#last?.summary.enough) {
      this.#untold++;
      return;
    }
    // Before what may be about one of them, as a pass that contradicts it.
    this.#tellMore();
    this.#send(message);
  }

  #send(message: ChannelMessage): void {
    // First of all, since to start or to tell the other thread takes this one some milliseconds.
    if (message.type !== 'total') this.#offerDirectly(message);
    this.#hand(message);
  }

  #hand(message: ChannelMessage): void {
    this.#posted.add(message);
    if (this.#worker === undefined) this.#startAnew();
    else this.#worker.postMessage(message);
  }

  #loadDirect(): void {
    if (this.#sendDirectly !== 'not loaded') return;
    this.#sendDirectly = undefined;
    try {
      this.#sendDirectly = prepareDirect(this.#setup);
    } catch {
      // The other thread declares without it, and tells what is wrong.
    }
  }

  /** Once: what comes after a first word may need all of them. */
  #offerDirectly(message: ChannelMessage): void {
    this.#loadDirect();
    const send = this.#sendDirectly;
    this.#sendDirectly = undefined;
    if (send === undefined || send === 'not loaded') return;
    try {
      const request = send(message);
      if (request !== undefined) this.#hand({ type: 'sent', request });
    } catch {
      // As above.
    }
  }

  #startAnew(): void {
    if (this.#worker === undefined && monotonicMs() - this.#startedAt >= restartAfterMs) this.#start();
  }

  /** The messages go along, so that the worker need not wait for its port. */
  #start(): void {
    this.#startedAt = monotonicMs();
    // Of a thread that has died.
    this.#endCommands();
    this.#cells = newCells();
    const start: WorkerStart = {
      setup: this.#setup,
      shared: this.#cells.buffer,
      first: this.#posted.kept,
      pnp: findPnp(),
      missed: this.#posted.count - this.#posted.kept.length,
    };
    // Preloads named in NODE_OPTIONS or in execArgv (loaders, instrumentation) would delay the promise.
    const { NODE_OPTIONS: _preloads, ...env } = this.#setup.env;
    try {
      const worker = new Worker(threadFile, {
        workerData: start,
        execArgv: [],
        env,
        name: 'promise-failure',
        resourceLimits,
      });
      worker.on('message', (settled: Settled) => {
        this.#last = settled;
        this.#wake();
      });
      worker.on('error', (error) => this.#onTrouble(error));
      worker.on('exit', () => this.#ended());
      // Last: a listener for messages, when it is added, keeps the process alive again.
      worker.unref();
      this.#worker = worker;
    } catch (error) {
      this.#onTrouble(explain(error));
    }
  }

  #ended(): void {
    this.#worker = undefined;
    this.#wake();
  }

  #tellMore(): void {
    if (this.#untold > 0) this.#send({ type: 'more', count: this.#untold });
    this.#untold = 0;
  }

  async drain(timeoutMs: number): Promise<DeliverySummary | Awaited | undefined> {
    this.#tellMore();
    const worker = this.#worker;
    if (worker === undefined) return undefined;
    worker.ref();
    let timer: NodeJS.Timeout | undefined;
    let look = () => {};
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
      look = () => {
        if (this.#worker !== worker || this.#idle) resolve();
      };
      this.#looks.add(look);
      look();
    });
    clearTimeout(timer);
    this.#looks.delete(look);
    if (this.#looks.size === 0) worker.unref();
    if (this.#idle) return this.#last?.summary;
    return this.#worker === worker ? awaitable[Atomics.load(this.#cells, cells.awaited)] : undefined;
  }

  #wake(): void {
    for (const look of this.#looks) look();
  }

  get #idle(): boolean {
    return this.#last?.sequence === this.#posted.count;
  }

  drainSync(timeoutMs: number): void {
    if (this.#worker !== undefined) this.#waitUntilSettled(monotonicMs() + timeoutMs);
    this.#endCommands();
  }

  #endCommands(): void {
    commandsIn(this.#cells).close(startingMs);
  }

  #waitUntilSettled(deadline: number): void {
    for (;;) {
      const settled = Atomics.load(this.#cells, cells.settled);
      const left = deadline - monotonicMs();
      if (settled >= this.#posted.count || left <= 0) return;
      Atomics.wait(this.#cells, cells.settled, settled, left);
    }
  }
}

function explain(error: unknown): unknown {
  const { code, permission } = Object(error) as { code?: unknown; permission?: unknown };
  if (code !== 'ERR_ACCESS_DENIED' || permission !== 'WorkerThreads') return error;
  return new Error('Node may start no thread here; allow it with --allow-worker', { cause: error });
}
