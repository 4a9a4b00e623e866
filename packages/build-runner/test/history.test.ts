import { createModel, createStep, type Model, systemClock } from '@promise-failure/simulator';
import { startRestApi } from '@promise-failure/simulator/rest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HistoryOptions, type PastBuild, readHistory } from '../src/index.ts';
import { place, startBuildkite } from './setup.ts';

/** Builds that end at once: the even ones fail as they had promised. */
function addBuilds(model: Model, count: number, branch = 'main'): void {
  for (let index = 1; index <= count; index++) {
    const build = model.createBuild({ branch });
    const job = model.addJob(build, { step: createStep({ label: 'Test', key: 'test', command: 'true' }) });
    model.start(job);
    model.seal(build);
    if (index % 2 === 0) model.promise(job, 1);
    model.finish(job, { exitStatus: index % 2 === 0 ? 1 : 0 });
  }
}

async function readAll(options: HistoryOptions, query: object = {}): Promise<PastBuild[]> {
  const builds: PastBuild[] = [];
  for await (const page of readHistory(options, { ...place, ...query })) builds.push(...page);
  return builds;
}

describe('the history', { timeout: 60_000 }, () => {
  it('brings each build that has ended once, newest first, with its jobs', async () => {
    const { model, api } = await startBuildkite();
    addBuilds(model, 25);
    model.createBuild(); // does not end
    const builds = await readAll({ token: api.token, baseUrl: api.url, pageSize: 4 });
    expect(builds.map(({ number }) => number)).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
    expect(builds[1]).toMatchObject({
      ...{ id: 'acme/app/24', state: 'failed', branch: 'main' },
      jobs: [{ name: 'Test', stepKey: 'test', state: 'failed', exitStatus: 1, promised: { exitStatus: 1 } }],
    });
    expect(Date.parse(builds[1]?.failingAt ?? '')).toBeGreaterThan(0);
    expect(builds[0]?.jobs[0]).not.toHaveProperty('promised');
  });

  it('asks for the branch and the period that are wanted', async () => {
    const { model, api } = await startBuildkite();
    addBuilds(model, 2, 'topic');
    addBuilds(model, 2, 'main');
    const rest = { token: api.token, baseUrl: api.url };
    expect(await readAll(rest, { branch: 'topic' })).toHaveLength(2);
    expect(await readAll(rest, { createdTo: '2020-01-01T00:00:00.000Z' })).toEqual([]);
    expect(await readAll(rest, { createdFrom: '2020-01-01T00:00:00.000Z' })).toHaveLength(4);
  });

  it('goes on before the oldest build that came', async () => {
    const { model, api } = await startBuildkite();
    addBuilds(model, 9);
    const rest = { token: api.token, baseUrl: api.url, pageSize: 4 };
    const first = await readHistory(rest, place).next();
    const oldest = first.value?.at(-1)?.createdAt ?? '';
    const createdTo = new Date(Date.parse(oldest) + 1).toISOString();
    const rest_ = await readAll(rest, { createdTo });
    const numbers = [...(first.value ?? []), ...rest_].map(({ number }) => number);
    expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each([
    ['organization', { organization: 3, user: 100 }],
    ['user', { organization: 100, user: 3 }],
  ])('waits out the limit of the %s, and tells of it', async (_, { organization, user }) => {
    const model = createModel({ clock: systemClock });
    addBuilds(model, 6);
    const limit = (requests: number) => ({ requests, windowMs: 1500 });
    const api = await startLimited(model, limit(organization), limit(user));
    // Somebody else has used it up: the first answer is a refusal.
    for (let made = 0; made < 3; made++)
      await fetch(`${api.url}/user`, { headers: { authorization: `Bearer ${api.token}` } });
    const waits: string[] = [];
    const builds = await readAll({
      ...{ token: api.token, baseUrl: api.url, pageSize: 2 },
      onWait: (_ms, because) => waits.push(because),
    });
    expect(builds).toHaveLength(6);
    expect(waits.length).toBeGreaterThan(0);
    expect(new Set(waits)).toEqual(new Set(['rate limit']));
    expect(api.requests.map(({ status }) => status)).toContain(429);
  });

  it('asks for fewer at once where an answer is too long', async () => {
    const sizes: number[] = [];
    const { model, api } = await startBuildkite();
    addBuilds(model, 5);
    const body = `[${' '.repeat(32 * 1024 * 1024)}]`;
    api.faults.push({ type: 'answer', status: 200, body }, { type: 'answer', status: 200, body });
    const builds = await readAll({ token: api.token, baseUrl: api.url, pageSize: 8 });
    for (const { path } of api.requests)
      sizes.push(Number(new URL(path, 'http://rest').searchParams.get('per_page')));
    expect(builds).toHaveLength(5);
    expect(sizes.slice(0, 3)).toEqual([8, 4, 2]);
  });
});

async function startLimited(model: Model, organization: Limit, user: Limit) {
  const api = await startRestApi({ ...place, model, rateLimit: { organization, user } });
  onTestFinished(() => api.close());
  return api;
}

interface Limit {
  readonly requests: number;
  readonly windowMs: number;
}
