import { workerThreads } from '../builtins.ts';
import type { ChannelMessage, DeliverySummary } from '../channel/channel.ts';
import { nothingMoreComes, type Settled, type WorkerStart } from '../channel/worker-start.ts';
import { openDelivery } from './open-delivery.ts';

/** The worker thread's entry: hands messages to the delivery and tells how far it has come. */
const { parentPort, workerData } = workerThreads;
const { setup, settled, first } = workerData as WorkerStart;
const cell = new Int32Array(settled);

process.on('exit', () => tell(nothingMoreComes));

const delivery = openDelivery(setup, (sequence: number, summary: DeliverySummary) => {
  // The port serves a main thread that runs its event loop, the cell one that is blocked in its last moments.
  parentPort?.postMessage({ sequence, summary } satisfies Settled);
  tell(sequence);
});

function tell(sequence: number): void {
  Atomics.store(cell, 0, sequence);
  Atomics.notify(cell, 0);
}

for (const message of first) delivery.receive(message);
parentPort?.on('message', (message: ChannelMessage) => delivery.receive(message));
