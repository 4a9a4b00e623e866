import { channel } from 'node:diagnostics_channel';
import type { Circus } from '@jest/types';
import { likelyChannel } from './channels.ts';
import { Finality } from './finality.ts';
import { tellFinal } from './tell-final.ts';

export type Handler = (event: Circus.Event, state: Circus.State) => unknown;

const failureLikely = channel(likelyChannel);

/** Jest 30 has its handlers on the global object of the sandbox (jest-circus src/state.ts, 30.0 to 30.5). */
export function followEvents(sandbox: object, handlers: Handler[], path: string): void {
  const finality = new Finality(sandbox);
  precede(handlers, 0, (event) => {
    finality.see(event);
    if (beginsToFail(event)) failureLikely.publish(undefined);
  });
  // The last but one tells the reporters (jest-circus legacy-code-todo-rewrite/jestAdapterInit.ts, 30.0 to 30.5).
  precede(handlers, -2, (event, state) => {
    if (event.name !== 'test_done' || event.test.errors.length === 0) return;
    if (!finality.willRunAgain(event.test, state)) tellFinal(sandbox, event.test, path);
  });
}

function beginsToFail(event: Circus.Event): boolean {
  return event.name === 'hook_failure' || (event.name === 'test_fn_failure' && !event.test.failing);
}

/**
 * Puts `ours` before one of Jest's handlers. One more handler would be awaited at every event, which shows in the
 * time of short tests.
 */
function precede(handlers: Handler[], index: number, ours: Handler): void {
  const theirs = handlers.at(index);
  if (theirs === undefined) return;
  handlers.splice(index, 1, (event, state) => {
    try {
      ours(event, state);
    } catch {
      // An error of ours must not become one of the tests; the file's result tells.
    }
    return theirs(event, state);
  });
}
