import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withinTime } from './within-time.ts';

const patient = new AbortController().signal;

function untilAbort(limit: AbortSignal): Promise<never> {
  return new Promise((_, reject) => limit.addEventListener('abort', () => reject(limit.reason)));
}

describe('withinTime', () => {
  it('gives the result of what is in time', async () => {
    expect(await withinTime(patient, 60_000, () => Promise.resolve(1))).toBe(1);
  });

  it('aborts what takes too long, also after a garbage collection', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const late = withinTime(patient, 50, untilAbort);
    collect();
    await expect(late).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('passes an abort on with its reason', async () => {
    const controller = new AbortController();
    const waiting = withinTime(controller.signal, 60_000, untilAbort);
    controller.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
  });

  it('starts aborted where the signal is', async () => {
    const over = AbortSignal.abort(new Error('over'));
    await expect(
      withinTime(over, 60_000, (limit) => Promise.resolve(limit.throwIfAborted())),
    ).rejects.toThrow('over');
  });
});
