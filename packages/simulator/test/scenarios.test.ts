import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Build } from '../src/model/types.ts';
import { isOver } from '../src/model/verdicts.ts';
import { type LocalBuildkite, startLocalBuildkite } from '../src/server/local-buildkite.ts';
import type { LocalBuildkiteOptions } from '../src/server/options.ts';
import { type AgentProcess, startAgents } from './real-agent.ts';
import { picture, scenarios } from './scenarios.ts';

let folder: string;
let server: LocalBuildkite | undefined;
const agents: AgentProcess[] = [];
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join('/tmp', 'pf-s-')));
});
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.stop()));
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

type Who = 'own' | 'connected';

async function start(
  who: Who,
  steps: unknown[],
  more: Partial<LocalBuildkiteOptions> = {},
  queues = ['default', 'default'],
) {
  const file = join(folder, 'pipeline.yml');
  await writeFile(file, JSON.stringify({ steps }));
  const { PATH, HOME } = process.env;
  const own = await startLocalBuildkite({
    port: 0,
    file,
    agents: who,
    cwd: folder,
    logFolder: folder,
    machineEnv: { PATH, HOME },
    graceMs: 1000,
    heartbeatSeconds: 1,
    say: () => {},
    ...more,
  });
  server = own;
  if (who === 'connected') agents.push(...(await startAgents(own, folder, queues)));
  const build = own.startBuild();
  if (typeof build === 'string') throw new Error(build);
  return { own, build };
}

const ended = (build: Build) =>
  vi.waitFor(() => expect(build.finishedAt).not.toBeNull(), { timeout: 40_000, interval: 50 });

const withAgent = process.env.BUILDKITE_AGENT_BIN !== undefined;
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
    await writeFile(join(folder, 'go'), '');
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

describe.runIf(withAgent)('connected agents', () => {
  test('an agent that is killed in the middle of a job is lost, and its job with it', {
    timeout: 60_000,
  }, async () => {
    const { build, own } = await start('connected', [{ label: 'A', command: 'sleep 30' }], {}, ['default']);
    await vi.waitFor(() => expect(build.jobs[0]?.state).toBe('running'), 20_000);
    agents[0]?.kill();
    await ended(build);
    expect(build).toMatchObject({ state: 'failed' });
    expect(build.jobs[0]).toMatchObject({ exitStatus: -1, signalReason: 'agent_lost' });
    expect(own.agents.agents.map(({ state }) => state)).toEqual(['lost']);
  });

  test('jobs go to the agents of their queue, and wait where there is none', {
    timeout: 60_000,
  }, async () => {
    const { build } = await start(
      'connected',
      [
        { label: 'A', command: 'true', agents: { queue: 'big' } },
        { label: 'B', command: 'true' },
        { label: 'C', command: 'true', agents: { queue: 'none' } },
      ],
      {},
      ['big', 'default'],
    );
    const done = () => build.jobs.slice(0, 2).every(isOver);
    await vi.waitFor(() => expect(done()).toBe(true), 30_000);
    const [a, b, c] = build.jobs;
    expect([a?.agent?.name, b?.agent?.name]).toEqual(['big-1', 'default-2']);
    expect(c).toMatchObject({ state: 'scheduled', agent: null });
  });

  test('a job of a lost agent is retried by another one where its step says so', {
    timeout: 60_000,
  }, async () => {
    const retry = { automatic: [{ exit_status: -1, limit: 1 }] };
    const command = 'test "$$BUILDKITE_RETRY_COUNT" = 1 || sleep 30';
    const { build } = await start('connected', [{ label: 'A', command, retry }]);
    await vi.waitFor(() => expect(build.jobs[0]?.state).toBe('running'), 20_000);
    const place = build.jobs[0]?.agent?.name === 'default-1' ? 0 : 1;
    agents[place]?.kill();
    await ended(build);
    expect(picture(build)).toEqual({
      state: 'passed',
      jobs: [
        ['A', 'finished', -1, null],
        ['A', 'finished', 0, null],
      ],
    });
    expect(build.jobs[1]?.agent?.name).toBe(`default-${2 - place}`);
  });

  test('an agent that is paused takes no job until it is resumed, and one that is stopped leaves', {
    timeout: 60_000,
  }, async () => {
    const { own } = await start('connected', [{ command: 'true', agents: { queue: 'none' } }], {}, [
      'default',
    ]);
    const [known] = own.agents.agents;
    const move = async (path: string) => {
      const url = `${own.url}/v2/organizations/acme/agents/${known?.id}/${path}`;
      const headers = { authorization: `Bearer ${own.tokens.api}` };
      return (await fetch(url, { method: 'PUT', headers })).status;
    };
    expect([await move('resume'), await move('pause'), await move('pause')]).toEqual([422, 204, 422]);
    await vi.waitFor(() => expect(agents[0]?.output()).toContain('Paused over REST'), 20_000);
    await writeFile(join(folder, 'pipeline.yml'), JSON.stringify({ steps: [{ command: 'sleep 60' }] }));
    const build = own.startBuild();
    if (typeof build === 'string') throw new Error(build);
    // It asks once a second.
    await sleep(2500);
    expect(build.jobs[0]?.state).toBe('scheduled');
    expect(await move('resume')).toBe(204);
    await vi.waitFor(() => expect(build.jobs[0]?.state).toBe('running'), 20_000);
    expect(await move('stop')).toBe(204);
    await agents[0]?.ended;
    expect(build.jobs[0]?.state).toBe('canceled');
    expect(known?.state).toBe('disconnected');
  });

  test('a job that no agent takes expires', { timeout: 60_000 }, async () => {
    const more = { expireAfterMinutes: 1, minuteMs: 300 };
    const { build } = await start('connected', [{ label: 'A', command: 'true' }], more, []);
    await ended(build);
    expect(picture(build)).toMatchObject({ state: 'failed', jobs: [['A', 'expired', null, null]] });
  });

  test('a wrong registration token is refused with a line that says so', { timeout: 60_000 }, async () => {
    const { own } = await start('connected', [{ command: 'true' }], {}, []);
    const wrong = { ...own, tokens: { ...own.tokens, registration: 'wrong' } };
    const [agent] = await startAgents(wrong, folder, ['default'], false);
    if (agent !== undefined) agents.push(agent);
    await agent?.ended;
    expect(agent?.output()).toContain('not the one that the simulator printed at its start');
  });

  test('an agent that outlives a restart of the server is told so, and ends', {
    timeout: 60_000,
  }, async () => {
    const { own } = await start('connected', [{ command: 'true' }], {}, ['default']);
    const [agent] = agents;
    await own.close();
    await start('connected', [{ command: 'true' }], { port: own.port }, []);
    await agent?.ended;
    expect(agent?.output()).toContain('keeps nothing over a restart');
  });
});
