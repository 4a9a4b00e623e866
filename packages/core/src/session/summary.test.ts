import { describe, expect, it } from 'vitest';
import type { DeliverySummary } from '../channel/channel.ts';
import { type Config, resolveConfig } from '../config/config.ts';
import { describeEnd } from './summary.ts';

function configOf(mode: string): Config {
  const facts = { runner: 'jest', exitStatus: 1 } as const;
  const resolved = resolveConfig({}, { PROMISE_FAILURE: mode, BUILDKITE_JOB_ID: 'j' }, facts);
  if (resolved.type !== 'on') throw new Error('bad configuration');
  return resolved.config;
}

const none = { count: 0, names: [] };
const failed: DeliverySummary = { hard: 1, enough: false, muted: none, contradicted: none };
const promise = { exitStatus: 1, at: 5800, by: 'Job API', outcome: 'declared' } as const;
const epoch = Date.parse('2026-11-24T09:15:30.000Z');
const end = { at: 100_000, flaky: 2, toEpoch: (ms: number) => epoch + ms };

function tell(summary: DeliverySummary | undefined, mode = 'true') {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const log = { debug() {}, info: say, warn: say, header: say };
  return { later: describeEnd(log, summary, end, configOf(mode)), lines };
}

describe('the receipt', () => {
  it('tells of a promise when it was made, when the run ended, and by which way', () => {
    expect(tell({ ...failed, promise }).lines).toEqual([
      '1 hard, 0 muted, 2 flaky; promised exit status 1 94.2 s before the end',
      '  promised at 2026-11-24T09:15:35Z',
      '  finished at 2026-11-24T09:17:10Z',
      '  head start  94.2 s',
      '  channel     Job API, declared',
    ]);
  });

  it('tells of a shadow run what would have been', () => {
    const { lines } = tell({ ...failed, promise: { ...promise, by: 'dry run' } }, 'dry-run');
    expect(lines[0]).toContain('would have promised exit status 1 94.2 s before the end');
    expect(lines.at(-1)).toBe('  channel     dry run');
  });

  it('tells why nothing was promised', () => {
    expect(tell({ ...failed, because: 'below the threshold' }).lines).toEqual([
      '1 hard, 0 muted, 2 flaky; nothing promised: below the threshold',
      '  finished at 2026-11-24T09:17:10Z',
      '  held by     below the threshold',
    ]);
  });

  it('keeps for the end of the process what a layer may yet forgive', () => {
    const because = 'a layer around the runner may change the exit status';
    const { lines, later } = tell({ ...failed, because, heldBy: 'Trunk' });
    expect(lines).toEqual([]);
    expect(later).toEqual([
      '1 hard, 0 muted, 2 flaky; nothing promised, because Trunk may change the exit status',
      '  finished at 2026-11-24T09:17:10Z',
      '  held by     Trunk',
    ]);
  });

  it.each([
    ['nothing failed for good', { ...failed, hard: 0 }],
    ['nothing is known', undefined],
  ])('says nothing where %s', (_what, summary) => {
    expect(tell(summary)).toEqual({ lines: [], later: [] });
  });
});
