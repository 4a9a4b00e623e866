import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sleep } from '../sleep.ts';
import { takeTurn } from './turn.ts';

/** No pid is as large as this. */
const deadPid = '999999999';

const makeFile = () => join(mkdtempSync(join(tmpdir(), 'turn-')), 'turn');
const isWaiting = async (turn: Promise<unknown>) =>
  (await Promise.race([turn.then(() => 'taken'), sleep(200, never).then(() => 'waiting')])) === 'waiting';
const never = new AbortController().signal;

describe('takeTurn', () => {
  afterEach(() => vi.restoreAllMocks());

  it('has one owner at a time, and the next one when that gives it back', async () => {
    const file = makeFile();
    const giveBack = await takeTurn(file, never, sleep);
    const next = takeTurn(file, never, sleep);
    expect(await isWaiting(next)).toBe(true);
    giveBack();
    (await next)();
    expect(existsSync(file)).toBe(false);
  });

  it('is taken over from a dead owner, also after another one has died of doing so', async () => {
    const file = makeFile();
    writeFileSync(file, deadPid);
    writeFileSync(`${file}.removing`, deadPid);
    utimesSync(`${file}.removing`, 0, 0);
    await takeTurn(file, never, sleep);
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
    expect(existsSync(`${file}.removing`)).toBe(false);
  });

  it('stays with the next owner, where the last one has given it back and ended while it was looked at', async () => {
    const file = makeFile();
    writeFileSync(file, deadPid);
    vi.spyOn(process, 'kill').mockImplementationOnce(() => {
      rmSync(file);
      writeFileSync(file, String(process.pid));
      throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
    });
    const turn = takeTurn(file, never, sleep);
    expect(await isWaiting(turn)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
    rmSync(file);
    await turn;
  });
});
