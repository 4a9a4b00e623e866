import { expect, test } from 'vitest';
import { createDebouncer, type UpstreamResult } from './debounce.ts';

/** A declarer that counts its calls and answers them in order, the last answer again and again. */
function counting(...answers: (UpstreamResult | Error)[]) {
  const calls: { exitStatus: number; reason: string }[] = [];
  const debounced = createDebouncer(async (exitStatus, reason) => {
    calls.push({ exitStatus, reason });
    const answer = answers[Math.min(calls.length, answers.length) - 1] ?? { status: 204 };
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { calls, debounced };
}

test('callers of one status share a declaration and its reason, callers of another have their own', async () => {
  const { calls, debounced } = counting({ status: 204 });
  const verdicts = await Promise.all([debounced(1, 'first'), debounced(1, 'second'), debounced(2, 'other')]);
  expect(verdicts.map(({ outcome }) => outcome)).toEqual(['declared', 'debounced', 'declared']);
  expect(calls).toEqual([
    { exitStatus: 1, reason: 'first' },
    { exitStatus: 2, reason: 'other' },
  ]);
});

test.each<[UpstreamResult | Error, number, boolean]>([
  [{ status: 204 }, 1, true],
  ...[400, 401, 403, 404, 409, 422, 499].map((status): [UpstreamResult, number, boolean] => [
    { status, error: 'refused' },
    1,
    false,
  ]),
  ...[0, 200, 302, 429, 500, 503].map((status): [UpstreamResult, number, boolean] => [
    { status, error: 'lost' },
    2,
    false,
  ]),
  [new Error('boom'), 2, false],
])('two calls, one after the other, after %o: %i upstream', async (answer, expected, accepted) => {
  const { calls, debounced } = counting(answer);
  await debounced(1, '');
  expect((await debounced(1, '')).accepted).toBe(accepted);
  expect(calls).toHaveLength(expected);
});

test('a panic frees all waiters with upstream status 500, and the next call tries afresh', async () => {
  const { calls, debounced } = counting(new Error('boom'), { status: 204 });
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => debounced(1, '')));
  const verdict = {
    accepted: false,
    upstream_status: 500,
    error: 'declaring promised failure panicked: boom',
  };
  expect(verdicts).toEqual([
    { outcome: 'declared', ...verdict },
    ...Array.from({ length: 49 }, () => ({ outcome: 'debounced', ...verdict })),
  ]);
  expect(await debounced(1, '')).toEqual({ outcome: 'declared', accepted: true, upstream_status: 204 });
  expect(calls).toHaveLength(2);
});

test('a declarer that throws in the same tick is forgotten all the same', async () => {
  let calls = 0;
  const debounced = createDebouncer(() => {
    calls++;
    throw new Error('at once');
  });
  await debounced(1, '');
  await debounced(1, '');
  expect(calls).toBe(2);
});

test('no response at all leaves upstream_status out', async () => {
  const { debounced } = counting({ status: 0, error: 'refused' });
  expect(await debounced(1, '')).toEqual({ outcome: 'declared', accepted: false, error: 'refused' });
});
