import { subscribe } from 'node:diagnostics_channel';
import { finalVariable, sandboxChannel } from './channels.ts';
import { follow } from './follow.ts';

/** Loaded once by each process that runs tests, when the first sandbox is handed over. */
subscribe(sandboxChannel, (sandbox) => {
  const path = process.env[finalVariable];
  if (!path) return;
  try {
    follow(sandbox as object, path);
  } catch {
    // An error of a subscriber ends the process; the file's result tells.
  }
});
