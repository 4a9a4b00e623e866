import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { ended, setUpScenario, type Who, withAgent } from './scenario-server.ts';
import { picture, scenarios } from './scenarios.ts';

const { folder, start } = setUpScenario();

if (!withAgent)
  console.warn('BUILDKITE_AGENT_BIN names no buildkite-agent: the scenarios run with the stand-in alone.');

describe.each<Who>(withAgent ? ['own', 'connected'] : ['own'])('with agents: %s', (who) => {
  test.each(scenarios)('%s', { timeout: 60_000 }, async (_name, steps, expected) => {
    const { build } = await start(who, steps);
    await ended(build);
    expect(picture(build)).toEqual(expected);
    const hasHardPromise = build.jobs.some(
      (job) => job.promisedExitStatus !== null && !job.softFailed && job.retriedInJobId === null,
    );
    if (hasHardPromise) expect(build.failingAt).toBeLessThanOrEqual(build.jobs[0]?.finishedAt ?? 0);
  });

  test('a job whose time is up is timed out', { timeout: 60_000 }, async () => {
    const { build } = await start(who, [{ label: 'A', command: 'sleep 60', timeout_in_minutes: 1 }], {
      minuteMs: 1000,
    });
    await ended(build);
    expect(picture(build)).toMatchObject({ state: 'failed', jobs: [['A', 'timed_out', -1, null]] });
  });

  test('a build recovers from failing when the failed job is retried and passes', {
    timeout: 60_000,
  }, async () => {
    const { own, build } = await start(who, [
      { label: 'A', command: 'test -e once || { touch once; exit 1; }' },
      { label: 'B', command: 'while ! test -e go; do sleep 0.1; done' },
    ]);
    await vi.waitFor(() => expect(build.state).toBe('failing'), 20_000);
    const [first] = build.jobs;
    if (first !== undefined) own.simulator.model.retry(first);
    await vi.waitFor(() => expect(build.state).toBe('running'), 20_000);
    await writeFile(join(folder(), 'go'), '');
    await ended(build);
    expect(build.state).toBe('passed');
  });

  test('a cancelled build ends its jobs', { timeout: 60_000 }, async () => {
    const { own, build } = await start(who, [
      { label: 'A', command: 'sleep 60' },
      'wait',
      { label: 'B', command: 'true' },
    ]);
    await vi.waitFor(() => expect(build.jobs[0]?.state).toBe('running'), 20_000);
    own.simulator.model.cancelBuild(build);
    await ended(build);
    expect(picture(build)).toMatchObject({
      state: 'canceled',
      jobs: [
        ['A', 'canceled', -1, null],
        ['B', 'canceled', null, null],
      ],
    });
    expect(build.jobs[0]).toMatchObject({ signal: 'SIGTERM' });
  });

  test('the log of a job is kept', { timeout: 60_000 }, async () => {
    const { own, build } = await start(who, [{ label: 'A', command: 'echo one; echo two >&2' }]);
    await ended(build);
    const text = own.logs.read(build.jobs[0]?.id ?? '').toString('utf8');
    expect(text).toMatch(/one\s/);
    expect(text).toMatch(/two\s/);
  });
});
