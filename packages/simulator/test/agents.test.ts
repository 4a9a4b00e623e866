import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { isOver } from '../src/model/verdicts.ts';
import { startAgents } from './real-agent.ts';
import { ended, setUpScenario, withAgent } from './scenario-server.ts';
import { picture } from './scenarios.ts';

const { agents, folder, start } = setUpScenario();

if (!withAgent) console.warn('BUILDKITE_AGENT_BIN names no buildkite-agent: connected agents are not tried.');

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
    await writeFile(join(folder(), 'pipeline.yml'), JSON.stringify({ steps: [{ command: 'sleep 60' }] }));
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

  test('a job stops its agent, changes its priority, finds no artifact and cancels its build', {
    timeout: 60_000,
  }, async () => {
    const command = [
      'buildkite-agent job update priority 4',
      'if buildkite-agent job update label x; then exit 9; fi',
      'if buildkite-agent artifact search "*"; then exit 9; fi',
      'buildkite-agent pause && buildkite-agent resume && buildkite-agent stop --force=false',
      'buildkite-agent build cancel',
      'sleep 60',
    ];
    const { build } = await start('connected', [{ label: 'A', command }], {}, ['default']);
    await ended(build);
    await agents[0]?.ended;
    expect(picture(build)).toEqual({ state: 'canceled', jobs: [['A', 'canceled', -1, null]] });
    expect(build.jobs[0]?.priority).toBe(4);
  });

  test('a job uploads files, which another one finds and gets back byte for byte', {
    timeout: 60_000,
  }, async () => {
    const upload = [
      'mkdir -p out && head -c 100000 /dev/urandom > out/a.bin && printf "%s" "{}" > out/evidence.json',
      'cksum < out/a.bin > sum',
      'buildkite-agent artifact upload "out/*"',
    ];
    const download = [
      'mkdir got && buildkite-agent artifact download "**/*.bin" got --step up',
      'test "$$(cksum < got/out/a.bin)" = "$$(cat sum)"',
      'test "$$(buildkite-agent artifact shasum out/a.bin)" = "$$(sha1sum < out/a.bin | cut -d" " -f1)"',
      'if buildkite-agent artifact search "*.none"; then exit 9; fi',
    ];
    const { build, own } = await start(
      'connected',
      [
        { label: 'Up', key: 'up', command: upload },
        { label: 'Down', command: download, depends_on: 'up' },
      ],
      {},
      ['default'],
    );
    await ended(build);
    expect(picture(build)).toMatchObject({ state: 'passed' });
    const found = own.simulator.artifacts.ofBuild(build);
    expect(found.map(({ path, state, fileSize }) => [path, state, fileSize]).sort()).toEqual([
      ['out/a.bin', 'finished', 100_000],
      ['out/evidence.json', 'finished', 2],
    ]);
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
    const [agent] = await startAgents(wrong, folder(), ['default'], false);
    if (agent !== undefined) agents.push(agent);
    await agent?.ended;
    expect(agent?.output()).toContain('not the one that the simulator printed at its start');
  });

  test('an agent that outlives a restart of the server is told so, and ends', {
    timeout: 60_000,
  }, async () => {
    const { own, build } = await start('connected', [{ command: 'true' }], {}, ['default']);
    const [agent] = agents;
    await ended(build);
    // It polls again: an agent that is cut off in another call waits long before it repeats that.
    const seenAt = () => own.agents.agents[0]?.lastSeenAt ?? 0;
    await vi.waitFor(() => expect(seenAt()).toBeGreaterThan(build.finishedAt ?? 0), 20_000);
    await own.close();
    await start('connected', [{ command: 'true' }], { port: own.port }, []);
    await agent?.ended;
    expect(agent?.output()).toContain('keeps nothing over a restart');
  });
});
