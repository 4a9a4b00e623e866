import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChild, StartError } from './child.ts';

const node = (code: string) => [process.execPath, '-e', code];

/** Stands for this process, whose signals a test cannot send to itself. */
function fakeSignals(isTTY: boolean) {
  const events = new EventEmitter();
  return Object.assign(events, { stdin: { isTTY } });
}

/** On SIGTERM, exits with 40 and the number of SIGINTs so far; tells by a file when it listens. */
function counter(ready: string): string {
  return `
    let interrupts = 0;
    process.on('SIGINT', () => interrupts++);
    process.on('SIGTERM', () => setTimeout(() => process.exit(40 + interrupts), 300));
    require('fs').writeFileSync(${JSON.stringify(ready)}, '');
    setTimeout(() => process.exit(9), 30000);`;
}

async function interruptCounter(isTTY: boolean) {
  const signals = fakeSignals(isTTY);
  const ready = join(mkdtempSync(join(tmpdir(), 'run-child-')), 'ready');
  const running = runChild(node(counter(ready)), process.env, signals);
  await expect.poll(() => existsSync(ready), { timeout: 10_000 }).toBe(true);
  signals.emit('SIGINT');
  signals.emit('SIGTERM');
  return { end: await running, signals };
}

describe('runChild', () => {
  it.each([0, 1, 2, 255])('keeps exit status %d', async (code) => {
    expect(await runChild(node(`process.exit(${code})`), process.env)).toEqual({ type: 'exited', code });
  });

  it.skipIf(process.platform === 'win32')('gives 128 and the number of the signal that killed', async () => {
    const end = await runChild(node('process.kill(process.pid, "SIGKILL")'), process.env);
    expect(end).toEqual({ type: 'signalled', exitStatus: 137 });
  });

  it('hands the environment on', async () => {
    const env = { ...process.env, WANTED: '7' };
    expect(await runChild(node('process.exit(Number(process.env.WANTED))'), env)).toMatchObject({ code: 7 });
  });

  it('hands arguments on as they are', async () => {
    const odd = ['a b', '$HOME', '"', "'", '*', ''];
    const check = `process.exit(JSON.stringify(process.argv.slice(1)) === ${JSON.stringify(JSON.stringify(odd))} ? 5 : 6)`;
    expect(await runChild([...node(check), ...odd], process.env)).toMatchObject({ code: 5 });
  });

  it.skipIf(process.platform === 'win32')('forwards signals, and keeps the status they lead to', async () => {
    const { end, signals } = await interruptCounter(false);
    expect(end).toEqual({ type: 'signalled', exitStatus: 41 });
    expect(signals.eventNames()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('listens for signals before the command starts', async () => {
    const started = join(mkdtempSync(join(tmpdir(), 'run-child-')), 'started');
    const startedEarly: boolean[] = [];
    const signals = fakeSignals(false);
    signals.on('newListener', () => {
      if (startedEarly.length === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
      startedEarly.push(existsSync(started));
    });
    await runChild(['touch', started], process.env, signals);
    expect(existsSync(started)).toBe(true);
    expect(startedEarly).toContain(false);
    expect(startedEarly).not.toContain(true);
  });

  it.skipIf(process.platform === 'win32')('leaves SIGINT to the terminal where there is one', async () => {
    const { end } = await interruptCounter(true);
    expect(end).toEqual({ type: 'signalled', exitStatus: 40 });
  });

  it('tells a command that is not there by status 127', async () => {
    const starting = runChild(['no-such-command-of-ours'], process.env);
    await expect(starting).rejects.toBeInstanceOf(StartError);
    await expect(starting).rejects.toMatchObject({ exitStatus: 127 });
  });

  it('tells a command with an empty name, as of a variable that is not set, by status 127', async () => {
    const starting = runChild([''], process.env);
    await expect(starting).rejects.toBeInstanceOf(StartError);
    await expect(starting).rejects.toMatchObject({
      exitStatus: 127,
      message: expect.stringContaining('empty name'),
    });
  });

  it.skipIf(process.platform === 'win32')(
    'tells a path through a file by status 126, and listens no more',
    async () => {
      const signals = fakeSignals(false);
      const starting = runChild([join(process.execPath, 'jest')], process.env, signals);
      await expect(starting).rejects.toBeInstanceOf(StartError);
      await expect(starting).rejects.toMatchObject({ exitStatus: 126 });
      expect(signals.eventNames()).toEqual([]);
    },
  );

  it.skipIf(process.platform === 'win32')('tells a file that cannot be run by status 126', async () => {
    await expect(runChild([tmpdir()], process.env)).rejects.toMatchObject({ exitStatus: 126 });
  });
});
