import { describe, expect, it } from 'vitest';
import type { BuildStatus } from './build.ts';
import { parseBuildAddress, toBuildId } from './id.ts';
import { isFinished, statusOf } from './status.ts';

describe('a build’s status', () => {
  const rows: [state: string, blocked: boolean, failing: boolean, status: BuildStatus][] = [
    ['creating', false, false, 'accepted'],
    ['scheduled', false, false, 'accepted'],
    ['running', false, false, 'running'],
    ['started', false, false, 'running'],
    ['running', false, true, 'failing'],
    ['failing', false, false, 'failing'],
    ['failing', false, true, 'failing'],
    ['canceling', false, true, 'running'],
    ['canceling', false, false, 'running'],
    ['passed', false, true, 'succeeded'],
    ['passed', true, false, 'running'],
    ['blocked', true, false, 'running'],
    ['failed', true, true, 'failing'],
    ['failed', false, true, 'failed'],
    ['not_run', false, false, 'skipped'],
    ['skipped', false, false, 'skipped'],
    ['canceled', false, true, 'cancelled'],
    ['waiting', false, false, 'unknown'],
    ['waiting_failed', false, false, 'unknown'],
    ['something new', false, false, 'unknown'],
  ];
  it.each(rows)('%s (blocked %s, failing_at %s) is %s', (state, blocked, failing, status) => {
    expect(statusOf({ state, blocked, failing })).toBe(status);
  });

  it('ends only as succeeded, failed, cancelled or skipped', () => {
    const all = rows.map(([, , , status]) => status);
    expect(new Set(all.filter(isFinished))).toEqual(new Set(['succeeded', 'failed', 'cancelled', 'skipped']));
  });
});

describe('a build’s id', () => {
  it.each([
    'acme/app/12',
    'https://buildkite.com/acme/app/builds/12',
    'https://buildkite.com/acme/app/builds/12#0190-uuid',
    'https://api.buildkite.com/v2/organizations/acme/pipelines/app/builds/12/',
  ])('is read from %s', (text) => {
    expect(toBuildId(text)).toBe('acme/app/12');
  });

  it.each([
    '',
    '12',
    'acme/app',
    'acme/app/0',
    'acme/app/1.5',
    'acme/../12',
    'https://buildkite.com/acme/app',
  ])('is not read from %j', (text) => {
    expect(parseBuildAddress(text)).toBeUndefined();
    expect(() => toBuildId(text)).toThrow(TypeError);
  });
});
