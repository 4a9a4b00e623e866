import { channel } from 'node:diagnostics_channel';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';

/** By this name a set-up file hands its sandbox over, see set-up.cts. */
const sandboxes = channel('promise-failure:jest:sandbox');
const path = join(mkdtempSync(join(tmpdir(), 'pf-')), 'final');

afterEach(() => vi.unstubAllEnvs());

const ignore = () => {};

/** A sandbox of Jest 30, with the handler that tells the reporters as the last but one. */
function newSandbox(): { sandbox: object; handlers: ((event: object, state: object) => void)[] } {
  const handlers = [ignore, ignore, ignore];
  return { sandbox: { [Symbol.for('EVENT_HANDLERS')]: handlers }, handlers };
}

function failIn({ handlers }: ReturnType<typeof newSandbox>): void {
  const test = { name: 'pays', parent: {}, errors: [] as Error[], invocations: 0 };
  for (const handler of handlers) handler({ name: 'test_start', test }, {});
  test.invocations = 1;
  test.errors.push(new Error('no'));
  for (const handler of handlers) handler({ name: 'test_done', test }, {});
}

it('follows the sandboxes that are handed over, where a reporter waits for news', async () => {
  await import('./outside.ts');
  const [unasked, asked] = [newSandbox(), newSandbox()];

  sandboxes.publish(unasked.sandbox);
  expect(unasked).toEqual(newSandbox());

  vi.stubEnv('PROMISE_FAILURE_JEST_FINAL', path);
  sandboxes.publish(asked.sandbox);
  failIn(asked);
  expect(readFileSync(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
});

it('ends no process for a sandbox that it cannot follow', async () => {
  await import('./outside.ts');
  const uncaught: unknown[] = [];
  const listen = (error: unknown) => uncaught.push(error);
  process.on('uncaughtException', listen);
  vi.stubEnv('PROMISE_FAILURE_JEST_FINAL', path);
  sandboxes.publish(undefined);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('uncaughtException', listen);
  expect(uncaught).toEqual([]);
});
