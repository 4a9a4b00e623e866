import { Worker } from 'node:worker_threads';
import type { Channel, ChannelMessage, DeliverySetup, DeliverySummary } from './channel.ts';
import { monotonicMs } from './clock.ts';

/** From the worker: everything up to message `sequence` is dealt with. */
export interface Settled {
  readonly sequence: number;
  readonly summary: DeliverySummary;
}

/**
 * Starts the worker's module through `require`, which loads a graph of ES modules in half the time that `import`
 * takes, and without the loader that a worker of its own module would set up first. Node says once per process
 * that this is new; that must not end in the log of the tests.
 */
const bootstrap = `
  process.removeAllListeners('warning');
  const { entry } = require('node:worker_threads').workerData;
  if (process.features.require_module) require(require('node:url').fileURLToPath(entry));
  else import(entry);
`;

/** What the worker is started with: its setup, and the cell in which it counts what it has dealt with. */
export interface WorkerStart {
  readonly setup: DeliverySetup;
  readonly settled: SharedArrayBuffer;
  readonly first: readonly ChannelMessage[];
  /** URL of the worker's module. */
  readonly entry: string;
}

/**
 * A channel to a worker thread, which sends while the runner keeps this thread busy: synchronous tests in band
 * never let the event loop run, and a request made here would leave when they are done.
 */
export function openWorkerChannel(setup: DeliverySetup, onTrouble: (error: unknown) => void): Channel {
  return new WorkerChannel(setup, onTrouble);
}

class WorkerChannel implements Channel {
  readonly #settled = new Int32Array(new SharedArrayBuffer(4));
  readonly #setup: DeliverySetup;
  readonly #onTrouble: (error: unknown) => void;
  #worker: Worker | undefined;
  #posted = 0;
  #last: Settled | undefined;
  #dead = false;
  #wake = () => {};

  constructor(setup: DeliverySetup, onTrouble: (error: unknown) => void) {
    this.#setup = setup;
    this.#onTrouble = onTrouble;
  }

  post(message: ChannelMessage): void {
    if (this.#dead) return;
    this.#posted++;
    if (this.#worker === undefined) this.#start(message);
    else this.#worker.postMessage(message);
  }

  /** The first message goes along, so that the worker need not wait for its port. */
  #start(first: ChannelMessage): void {
    const start: WorkerStart = {
      setup: this.#setup,
      settled: this.#settled.buffer as SharedArrayBuffer,
      first: [first],
      entry: new URL('./worker.js', import.meta.url).href,
    };
    // Preloads named in NODE_OPTIONS or in execArgv (loaders, instrumentation) would delay the promise.
    const { NODE_OPTIONS: _preloads, ...env } = this.#setup.env;
    try {
      const worker = new Worker(bootstrap, {
        eval: true,
        workerData: start,
        execArgv: [],
        env,
        name: 'promise-failure',
      });
      worker.on('message', (settled: Settled) => {
        this.#last = settled;
        this.#wake();
      });
      worker.on('error', (error) => this.#fail(error));
      worker.on('exit', () => this.#fail(undefined));
      // Last: a listener for messages, when it is added, keeps the process alive again.
      worker.unref();
      this.#worker = worker;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#dead) return;
    this.#dead = true;
    if (error !== undefined) this.#onTrouble(error);
    this.#wake();
  }

  async drain(timeoutMs: number): Promise<DeliverySummary | undefined> {
    const worker = this.#worker;
    if (worker === undefined) return undefined;
    worker.ref();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        if (this.#dead || this.#idle) resolve();
      };
      this.#wake();
    });
    clearTimeout(timer);
    this.#wake = () => {};
    worker.unref();
    return this.#idle ? this.#last?.summary : undefined;
  }

  get #idle(): boolean {
    return this.#last?.sequence === this.#posted;
  }

  drainSync(timeoutMs: number): void {
    if (this.#worker === undefined || this.#dead) return;
    const deadline = monotonicMs() + timeoutMs;
    for (;;) {
      const settled = Atomics.load(this.#settled, 0);
      const left = deadline - monotonicMs();
      if (settled >= this.#posted || left <= 0) return;
      Atomics.wait(this.#settled, 0, settled, left);
    }
  }
}
