import { workerThreads } from '../builtins.ts';
import type { ChannelMessage, DeliverySummary } from '../channel/channel.ts';
import {
  awaitable,
  cells,
  commandsIn,
  nothingMoreComes,
  type Settled,
  type WorkerStart,
} from '../channel/worker-start.ts';
import { reachPackagesThrough } from '../packages.ts';
import { openDelivery } from './open-delivery.ts';

/** The worker thread's entry: hands messages to the delivery and tells how far it has come. */
const { parentPort, workerData } = workerThreads;
const { setup, shared, first, missed, pnp } = workerData as WorkerStart;
const shelf = new Int32Array(shared);

process.on('exit', () => tellSettled(nothingMoreComes));

reachPackagesThrough(pnp);

const commands = commandsIn(shelf);

/** Told to the main thread in one message for a whole burst of failures; the cell serves one that gets no messages. */
let untold: Settled | undefined;

const delivery = openDelivery(setup, {
  onSettled(received: number, summary: DeliverySummary) {
    const sequence = missed + received;
    if (untold === undefined) setImmediate(postSettled);
    untold = { sequence, summary };
    tellSettled(sequence);
  },
  onAwaits: (what) => Atomics.store(shelf, cells.awaited, awaitable.indexOf(what)),
  beginCommand: () => commands.begin(),
});

function postSettled(): void {
  parentPort?.postMessage(untold);
  untold = undefined;
}

function tellSettled(sequence: number): void {
  Atomics.store(shelf, cells.settled, sequence);
  Atomics.notify(shelf, cells.settled);
}

for (const message of first) delivery.receive(message);
parentPort?.on('message', (message: ChannelMessage) => delivery.receive(message));
