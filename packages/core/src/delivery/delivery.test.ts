import { describe, expect, it } from 'vitest';
import type { ChannelMessage, DeliverySummary } from '../channel/channel.ts';
import { resolveConfig } from '../config/config.ts';
import type { PromiseFailureOptions } from '../config/options.ts';
import { unshared } from '../job/job-share.ts';
import type { MutedList } from '../muted/index.ts';
import type { DeclareRequest, DeclareResult } from '../vocabulary.ts';
import { Delivery, type DeliveryParts } from './delivery.ts';

const accepted: DeclareResult = { accepted: true, outcome: 'declared' };
const refused = (verdict: 'terminal' | 'transient', upstreamStatus: number): DeclareResult => ({
  ...{ accepted: false, outcome: 'declared', verdict, upstreamStatus, message: `status ${upstreamStatus}` },
});
const failed = (id: string): ChannelMessage => ({
  type: 'failed',
  id,
  test: { scope: 'S', name: id, file: '/f', titlePath: ['S', id] },
});
const hook: ChannelMessage = { type: 'run error', error: { kind: 'hook', message: 'afterAll' } };
const mutes = (...names: string[]): MutedList => ({
  match: (test) => (names.includes(test.name) ? ({ origin: 'test' } as never) : undefined),
});

function start(
  parts: Partial<DeliveryParts> & { results?: DeclareResult[] } = {},
  options: PromiseFailureOptions = {},
) {
  const declared: DeclareRequest[] = [];
  const lines: string[] = [];
  let settled: { sequence: number; summary: DeliverySummary } | undefined;
  const resolved = resolveConfig(
    options,
    { PROMISE_FAILURE: 'true', BUILDKITE_JOB_ID: 'j' },
    { runner: 'jest', exitStatus: 1 },
  );
  if (resolved.type !== 'on') throw new Error('bad options');
  const results = parts.results ?? [accepted];
  const delivery = new Delivery(
    { runner: 'jest', rootDir: '/r', config: resolved.config, env: {}, execArgv: [], startedAt: 0 },
    {
      declare: async (request) => {
        declared.push(request);
        return { result: results[Math.min(declared.length, results.length) - 1] ?? accepted, by: 'Job API' };
      },
      loadMuted: undefined,
      layers: { flippers: [], outerRetries: 0, bktec: false },
      job: unshared,
      log: {
        debug() {},
        info: (line) => lines.push(line),
        warn: (line) => lines.push(`warning: ${line}`),
        header: (line) => lines.push(line),
      },
      redact: (text) => text,
      now: () => 0,
      onSettled: (sequence, summary) => {
        settled = { sequence, summary };
      },
      ...parts,
    },
  );
  const tell = async (...messages: ChannelMessage[]) => {
    for (const message of messages) delivery.receive(message);
    await new Promise((resolve) => setImmediate(resolve));
    return settled;
  };
  return { tell, declared, lines };
}

describe('Delivery', () => {
  it('declares the first hard failure, once', async () => {
    const { tell, declared, lines } = start();
    await tell(failed('pays'));
    const settled = await tell(failed('ships'), hook);
    expect(declared).toEqual([{ exitStatus: 1, reason: 'test_failure (1 failed after retries: S > pays)' }]);
    expect(lines).toEqual([
      'promised exit status 1 (by Job API): test_failure (1 failed after retries: S > pays)',
    ]);
    expect(settled).toMatchObject({ sequence: 3, summary: { hard: 3, promise: { exitStatus: 1 } } });
  });

  it('names all failures that come at once', async () => {
    const { tell, declared } = start();
    await tell(failed('pays'), failed('ships'), hook);
    expect(declared.map(({ reason }) => reason)).toEqual([
      'test_failure (3 failed after retries: S > pays, S > ships, afterAll)',
    ]);
  });

  it('declares nothing before the threshold is reached', async () => {
    const { tell, declared } = start({}, { threshold: 3 });
    expect((await tell(failed('a'), failed('b')))?.summary.because).toBe('below the threshold');
    await tell(failed('a'));
    expect(declared).toEqual([]);
    await tell(failed('c'));
    expect(declared).toHaveLength(1);
  });

  it('evaluates a share when the total is certain', async () => {
    const { tell, declared } = start({}, { threshold: '50%' });
    await tell(failed('a'));
    expect(declared).toEqual([]);
    await tell({ type: 'total', total: 2 });
    expect(declared).toHaveLength(1);
  });

  it('tries again on the next hard failure after a transient refusal, and on nothing else', async () => {
    const { tell, declared } = start({ results: [refused('transient', 503), accepted] });
    await tell(failed('a'));
    await tell({ type: 'end' });
    expect(declared).toHaveLength(1);
    const settled = await tell(failed('b'));
    expect(declared).toHaveLength(2);
    expect(settled?.summary.promise).toBeDefined();
  });

  it.each([401, 403, 404, 422])('warns with advice when Buildkite answers %d', async (status) => {
    const { tell, lines } = start({ results: [refused('terminal', status)] });
    const settled = await tell(failed('a'));
    expect(lines).toEqual([
      expect.stringMatching(/^warning: promised failure refused \(by Job API\): .+; .+/),
    ]);
    expect(settled?.summary.because).toBe('Buildkite refused it');
  });

  it('tells a 409 as what it is', async () => {
    const { tell, lines } = start({ results: [refused('terminal', 409)] });
    await tell(failed('a'));
    expect(lines).toEqual([expect.stringMatching(/^another exit status has been promised/)]);
  });

  it('declares nothing for muted tests, and counts only the hard ones', async () => {
    const { tell, declared } = start({ loadMuted: async () => mutes('m') });
    expect((await tell(failed('m')))?.summary).toMatchObject({ hard: 0, muted: ['S > m'] });
    expect(declared).toEqual([]);
    await tell(failed('h'));
    expect(declared).toEqual([{ exitStatus: 1, reason: 'test_failure (1 failed after retries: S > h)' }]);
  });

  it('asks for the muted list once, on the first failed test, and lets a run error pass meanwhile', async () => {
    let loads = 0;
    let arrive = (_list: MutedList) => {};
    const { tell, declared } = start({
      loadMuted: () => {
        loads++;
        return new Promise((resolve) => {
          arrive = resolve;
        });
      },
    });
    await tell({ type: 'total', total: 9 });
    expect(loads).toBe(0);
    expect(await tell(failed('a'), failed('b'))).toMatchObject({ sequence: 1 });
    expect([loads, declared.length]).toEqual([1, 0]);
    await tell(hook);
    expect(declared).toEqual([{ exitStatus: 1, reason: expect.stringContaining('afterAll') }]);
    arrive(mutes('a'));
    expect((await tell())?.summary).toMatchObject({ hard: 2, muted: ['S > a'] });
  });

  it('declares when the list arrives after the failure', async () => {
    let arrive = (_list: MutedList) => {};
    const { tell, declared } = start({
      loadMuted: () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    });
    await tell(failed('a'));
    arrive(mutes());
    await tell();
    expect(declared).toHaveLength(1);
  });

  it('holds for test failures when the list cannot be had, and says so once', async () => {
    const { tell, declared, lines } = start({
      loadMuted: () => Promise.reject(new Error('the list is gone')),
    });
    const settled = await tell(failed('a'), failed('b'));
    expect(declared).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('the list is gone')]);
    expect(settled?.summary.because).toBe('the list of muted tests cannot be had');
    await tell(hook);
    expect(declared).toHaveLength(1);
  });

  it('holds where a layer may flip the exit status, and says why once', async () => {
    const { tell, declared, lines } = start({
      layers: { flippers: ['Trunk'], outerRetries: 0, bktec: false },
    });
    await tell(failed('a'), failed('b'), hook);
    expect(declared).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('Trunk')]);
  });

  it('declares nothing after a cancellation', async () => {
    const { tell, declared } = start();
    await tell({ type: 'cancelled' }, failed('a'), hook);
    expect(declared).toEqual([]);
  });

  it('remembers a promise that a later pass contradicts', async () => {
    const { tell } = start();
    await tell(failed('a'));
    const settled = await tell({ type: 'contradicted', id: 'a' });
    expect(settled?.summary).toMatchObject({ hard: 0, contradicted: ['S > a'] });
  });

  it('lets go of the failure that a later pass contradicts before the promise', async () => {
    const { tell, declared } = start({}, { threshold: 2 });
    await tell(failed('a'), { type: 'contradicted', id: 'a' }, failed('b'));
    expect(declared).toEqual([]);
  });

  it('goes on after a declarer that crashes', async () => {
    let calls = 0;
    const { tell, lines } = start({
      declare: async () => {
        if (++calls === 1) throw new Error('crash');
        return { result: accepted, by: 'Agent API' };
      },
    });
    await tell(failed('a'));
    expect(lines).toEqual([expect.stringContaining('crash')]);
    expect((await tell(failed('b')))?.summary.promise).toMatchObject({ by: 'Agent API' });
  });

  it('promises the exit status that the process has', async () => {
    const { tell, declared } = start();
    await tell({ type: 'run error', error: { kind: 'exit', message: 'm' }, exitStatus: 7 });
    expect(declared[0]?.exitStatus).toBe(7);
  });
});
