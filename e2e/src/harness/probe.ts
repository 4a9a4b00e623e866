/**
 * Source of `probe.cjs`, which every project gets beside its tests. It lets a test see, without any clock,
 * whether the promise has left: the harness creates the file `promised` at its arrival.
 *
 * - `await promised(where)`: waits for the promise and writes `seen <where>` or `late <where>` into the trace.
 * - `promisedSync(where)`: the same with the thread blocked, as synchronous tests block it.
 * - `notPromised(where)`: writes `early <where>` if the promise has left already.
 * - `attempt(name)`: 1 at the first call with this name, 2 at the second, over all processes of the run.
 * - `note(line)`: writes a line into the trace.
 * - `throwAt(name, when)`: counts an attempt and throws `always`, `never`, at the `first`, or at all `later` ones.
 * - `runAgain(args)`: runs the same runner below this process, and returns its exit code.
 */
export const probeSource = `'use strict';
const { spawnSync } = require('node:child_process');
const { appendFileSync, existsSync, mkdirSync, statSync } = require('node:fs');
const { join } = require('node:path');

const flag = join(__dirname, 'promised');
const waitMs = Number(process.env.PROBE_WAIT_MS);

function note(line) {
  appendFileSync(join(__dirname, 'trace'), line + '\\n');
}

async function promised(where) {
  const deadline = Date.now() + waitMs;
  while (!existsSync(flag) && Date.now() < deadline) await new Promise((resolve) => realSetTimeout(resolve, 5));
  note((existsSync(flag) ? 'seen ' : 'late ') + where);
}

function promisedSync(where) {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const deadline = Date.now() + waitMs;
  while (!existsSync(flag) && Date.now() < deadline) Atomics.wait(cell, 0, 0, 5);
  note((existsSync(flag) ? 'seen ' : 'late ') + where);
}

function notPromised(where) {
  if (existsSync(flag)) note('early ' + where);
}

function attempt(name) {
  const folder = join(__dirname, 'attempts');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  appendFileSync(file, '.');
  return statSync(file).size;
}

function throwAt(name, when) {
  const first = attempt(name) === 1;
  if (when === 'always' || (when === 'first' && first) || (when === 'later' && !first)) throw new Error(name);
}

function runAgain(args) {
  return spawnSync(process.execPath, [process.env.PROBE_BIN, ...args].filter(Boolean), { cwd: __dirname }).status;
}

const realSetTimeout = setTimeout;
exports.note = note;
exports.promised = promised;
exports.promisedSync = promisedSync;
exports.notPromised = notPromised;
exports.attempt = attempt;
exports.throwAt = throwAt;
exports.runAgain = runAgain;
`;

/** Source of `probe.mjs`, the same for tests that are ES modules. */
export const probeModuleSource = `import probe from './probe.cjs';
export const { note, promised, promisedSync, notPromised, attempt, throwAt, runAgain } = probe;
`;
