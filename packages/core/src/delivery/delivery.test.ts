import { describe, expect, it } from 'vitest';
import type { ChannelMessage, DeliverySetup, DeliverySummary } from '../channel/channel.ts';
import { resolveConfig } from '../config/config.ts';
import type { PromiseFailureOptions } from '../config/options.ts';
import type { RunView } from '../job/job-ledger.ts';
import { type JobShare, unshared } from '../job/job-share.ts';
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
const passedAfterAll = (id: string): ChannelMessage =>
  ({ ...failed(id), type: 'contradicted' }) as ChannelMessage;
const hook: ChannelMessage = { type: 'run error', error: { kind: 'hook', message: 'afterAll' } };
const mutes = (...names: string[]): MutedList => ({
  isEmpty: names.length === 0,
  match: (test) => (names.includes(test.name) ? ({ origin: 'test' } as never) : undefined),
});

const forEver = () => new Promise<void>(() => {});

function start(
  parts: Partial<DeliveryParts> & { results?: DeclareResult[] } = {},
  options: PromiseFailureOptions = {},
  setup: Partial<DeliverySetup> = {},
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
    {
      runner: 'jest',
      rootDir: '/r',
      cwd: '/r',
      flags: [],
      config: resolved.config,
      env: {},
      execArgv: [],
      tracer: false,
      startedAt: 0,
      ...setup,
    },
    {
      declare: async (request) => {
        declared.push(request);
        return { result: results[Math.min(declared.length, results.length) - 1] ?? accepted, by: 'Job API' };
      },
      loadMuted: undefined,
      layers: { flippers: [], outerRetries: 0, bktec: false, family: '' },
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

  it('asks again after a transient refusal when the wait is over, and not with each failure', async () => {
    const waits: { ms: number; end: () => void }[] = [];
    const { tell, declared } = start({
      results: [refused('transient', 503), refused('transient', 503), accepted],
      sleep: (ms) => new Promise((end) => waits.push({ ms, end })),
    });
    await tell(failed('a'));
    await tell(failed('b'), hook);
    expect(declared).toHaveLength(1);
    waits[0]?.end();
    await tell();
    expect(declared).toHaveLength(2);
    await tell(failed('c'));
    expect(declared).toHaveLength(2);
    waits[1]?.end();
    expect((await tell())?.summary.promise).toBeDefined();
    expect(waits.map(({ ms }) => ms)).toEqual([2000, 4000]);
  });

  it('asks once more at the end after a transient refusal, and then never', async () => {
    const { tell, declared } = start({ results: [refused('transient', 503)], sleep: forEver });
    await tell(failed('a'));
    await tell({ type: 'end' });
    expect(declared).toHaveLength(2);
    await tell(failed('b'), { type: 'end' });
    expect(declared).toHaveLength(2);
  });

  it('never asks again after a terminal refusal', async () => {
    const { tell, declared } = start({ results: [refused('terminal', 404)], sleep: forEver });
    await tell(failed('a'));
    for (let n = 0; n < 100; n++) await tell(failed(`after ${n}`));
    await tell({ type: 'end' });
    expect(declared).toHaveLength(1);
  });

  it('gives up a declaration under way, and the next try, when the run is cancelled', async () => {
    const signals: AbortSignal[] = [];
    const { tell, lines } = start({
      declare: (_request, signal) => {
        signals.push(signal);
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
    });
    await tell(failed('a'));
    const settled = await tell({ type: 'cancelled' }, { type: 'end' });
    expect([signals.length, signals[0]?.aborted, lines]).toEqual([1, true, []]);
    expect(settled?.summary.promise).toBeUndefined();
  });

  it.each<[string, Partial<DeliveryParts> & { results?: DeclareResult[] }, PromiseFailureOptions]>([
    ['accepted', {}, {}],
    ['refused', { results: [refused('terminal', 404)] }, {}],
    ['unreachable', { results: [refused('transient', 503)], sleep: () => new Promise(() => {}) }, {}],
    ['below the threshold', {}, { threshold: 1_000_000 }],
    ['muted', { loadMuted: async () => ({ match: () => ({}) as never, isEmpty: false }) }, {}],
    ['unknown', { loadMuted: () => Promise.reject(new Error('gone')) }, {}],
  ])('redacts few names in a storm of failures: %s', async (_what, parts, options) => {
    let redacted = 0;
    const redact = (text: string) => {
      redacted++;
      return text;
    };
    const { tell } = start({ ...parts, redact }, options);
    for (let n = 0; n < 2000; n++) await tell(failed(`test ${n}`));
    const settled = await tell({ type: 'end' });
    const { hard = 0, muted } = settled?.summary ?? {};
    expect(hard + (muted?.count ?? 0)).toBe(2000);
    expect(redacted).toBeLessThan(100);
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
    const first = await tell(failed('m'));
    expect(first?.summary).toMatchObject({ hard: 0, muted: { count: 1, names: ['S > m'] } });
    expect(declared).toEqual([]);
    await tell(failed('h'));
    expect(declared).toEqual([{ exitStatus: 1, reason: 'test_failure (1 failed after retries: S > h)' }]);
  });

  it('names the ids of muted tests when the run is over, and not with every word before', async () => {
    const { tell } = start({ loadMuted: async () => mutes('m') });
    expect((await tell(failed('m'), failed('h')))?.summary).not.toHaveProperty('mutedIds');
    expect((await tell({ type: 'end' }))?.summary.mutedIds).toEqual(['m']);
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
    expect((await tell())?.summary).toMatchObject({ hard: 2, muted: { count: 1, names: ['S > a'] } });
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

  it('holds where a layer may flip the exit status, and names it', async () => {
    const { tell, declared, lines } = start({
      layers: { flippers: ['Trunk'], outerRetries: 0, bktec: false, family: '' },
    });
    const settled = await tell(failed('a'), failed('b'), hook);
    expect(declared).toEqual([]);
    expect(lines).toEqual([]);
    expect(settled?.summary).toMatchObject({ heldBy: 'Trunk', hard: 3 });
  });

  it('declares nothing after a cancellation', async () => {
    const { tell, declared } = start();
    await tell({ type: 'cancelled' }, failed('a'), hook);
    expect(declared).toEqual([]);
  });

  it('remembers a promise that a later pass contradicts', async () => {
    const { tell } = start();
    await tell(failed('a'));
    const settled = await tell(passedAfterAll('a'));
    expect(settled?.summary).toMatchObject({ hard: 0, contradicted: { count: 1, names: ['S > a'] } });
  });

  it('says when the names of further failures are of no use, and counts on without them', async () => {
    const { tell } = start();
    const first = await tell({ type: 'total', total: 9 });
    expect(first?.summary.enough).toBe(false);
    expect((await tell(failed('a')))?.summary.enough).toBe(true);
    await tell({ type: 'more', count: 5 });
    const settled = await tell(passedAfterAll('one of them'));
    expect(settled?.summary).toMatchObject({
      hard: 5,
      contradicted: { count: 1, names: ['S > one of them'] },
    });
  });

  it.each<[string, Partial<DeliveryParts>, PromiseFailureOptions]>([
    ['a muted list tells them apart', { loadMuted: async () => mutes('m') }, {}],
    ['other processes count them', { job: { ...unshared, counted: true } }, {}],
    ['nothing is promised yet', {}, { threshold: 3 }],
  ])('needs the names of further failures where %s', async (_what, parts, options) => {
    const { tell } = start(parts, options);
    expect((await tell(failed('a')))?.summary.enough).toBe(false);
  });

  it('lets go of the failure that a later pass contradicts before the promise', async () => {
    const { tell, declared } = start({}, { threshold: 2 });
    await tell(failed('a'), passedAfterAll('a'), failed('b'));
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
    expect((await tell({ type: 'end' }))?.summary.promise).toMatchObject({ by: 'Agent API' });
  });

  it('promises the exit status that the process has', async () => {
    const { tell, declared } = start();
    await tell({ type: 'run error', error: { kind: 'exit', message: 'm' }, exitStatus: 7 });
    expect(declared[0]?.exitStatus).toBe(7);
  });

  it('takes an exit status that nothing explains for the work of a muted failure, if there is one', async () => {
    const { tell, declared } = start({ loadMuted: async () => mutes('m') });
    await tell(failed('m'));
    const settled = await tell({ type: 'run error', error: { kind: 'exit', message: 'm' }, exitStatus: 1 });
    expect(declared).toEqual([]);
    expect(settled?.summary.because).toBe('muted tests may account for it');
  });

  it('takes it for the work of a test that nobody decided about, where tests are muted', async () => {
    const exit: ChannelMessage = {
      ...{ type: 'run error', error: { kind: 'exit', message: 'm' }, exitStatus: 1, suspects: 1 },
    };
    const held = start({ loadMuted: async () => mutes('m') });
    await held.tell(exit);
    expect(held.declared).toEqual([]);
    const promised = start();
    await promised.tell(exit);
    expect(promised.declared).toHaveLength(1);
  });

  describe('under bktec, which forgives a run whose failed tests are all muted', () => {
    const layers = { flippers: [], outerRetries: 0, bktec: true, family: '7-1' };
    const start7 = (...names: string[]) => start({ layers, loadMuted: async () => mutes(...names) });
    const file: ChannelMessage = { type: 'run error', error: { kind: 'file', message: 'syntax error' } };

    it('holds a run error as long as a muted test may fail', async () => {
      const { tell, declared } = start7('m');
      await tell(hook);
      expect(declared).toEqual([]);
      await tell(failed('m'), { type: 'end' });
      expect(declared).toEqual([]);
    });

    it('promises it at once when nothing is muted', async () => {
      const { tell, declared } = start7();
      await tell(hook);
      expect(declared).toHaveLength(1);
    });

    it('promises it at the end when no muted test has failed', async () => {
      const { tell, declared } = start7('m');
      await tell(hook, { type: 'end' });
      expect(declared).toHaveLength(1);
    });

    it('promises it beside a failed test that is not muted', async () => {
      const { tell, declared } = start7('m');
      await tell(failed('m'), hook);
      expect(declared).toEqual([]);
      await tell(failed('h'));
      expect(declared).toHaveLength(1);
    });

    it('promises a file that does not load at once: bktec never forgives that', async () => {
      const { tell, declared } = start7('m');
      await tell(failed('m'), file);
      expect(declared).toHaveLength(1);
    });

    it('holds it in the last of its attempts where a muted test has failed in an earlier one', async () => {
      const earlier: RunView = {
        ...{ runner: 'jest', root: '/r', startedAt: 1, endedAt: 5, exitStatus: 1, total: undefined },
        ...{ family: '7-1', overflow: false, weak: new Set() },
        failed: new Map([['m', { name: 'm', muted: true }]]),
        runErrors: new Map([['k', 'afterAll']]),
      };
      const job: JobShare = { ...unshared, keyOf: () => 'k', others: () => [earlier] };
      const again = { ...layers, outerRetries: 1 };
      const { tell, declared } = start(
        { layers: again, job, loadMuted: async () => mutes('m') },
        {},
        { startedAt: 10 },
      );
      const settled = await tell(hook, { type: 'end' });
      expect(declared).toEqual([]);
      expect(settled?.summary.because).toBe('muted tests may account for it');
    });

    it('promises at once what ends in the errors of the whole run of Playwright: bktec never forgives that', async () => {
      const { tell, declared } = start(
        { layers, loadMuted: async () => mutes('m') },
        {},
        { runner: 'playwright' },
      );
      await tell(failed('m'), { type: 'run error', error: { kind: 'limit', message: 'ended as failed' } });
      expect(declared).toEqual([]);
      await tell({ type: 'run error', error: { kind: 'other', message: 'tear-down' } });
      expect(declared).toHaveLength(1);
    });

    it('holds it when the list cannot be had', async () => {
      const { tell, declared } = start({ layers, loadMuted: () => Promise.reject(new Error('gone')) });
      await tell(hook, { type: 'end' });
      expect(declared).toEqual([]);
    });
  });
});
