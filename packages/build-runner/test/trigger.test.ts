import { describe, expect, it } from 'vitest';
import { createBuildRunner } from '../src/index.ts';
import { type HandMade, makeBuild, startHandMade } from './hand-made.ts';

const wanted = { organization: 'acme', pipeline: 'app', key: 'change-7', commit: 'HEAD', branch: 'main' };

function connect({ url }: HandMade) {
  return createBuildRunner({ baseUrl: url, token: 't', sleep: async () => {} });
}

/** Another process has another way to write the same address: nothing is shared by chance. */
function connectElsewhere(made: HandMade) {
  return connect({ ...made, url: made.url.replace('127.0.0.1', 'localhost') });
}

const created = (made: HandMade) => made.requests.filter(({ method }) => method === 'POST');

describe('triggers with one key', () => {
  it('at the same time make one build, also by several runners of a process', async () => {
    const made = await startHandMade();
    const runner = connect(made);
    const ids = await Promise.all([
      ...[1, 2, 3].map(() => runner.trigger(wanted)),
      connect(made).trigger(wanted),
    ]);
    expect(ids).toEqual(Array(4).fill('acme/app/1'));
    expect(created(made)).toHaveLength(1);
  });

  it('in processes that race agree on the first build', async () => {
    const made = await startHandMade();
    let waiting = 0;
    let open = () => {};
    const bothAreThere = new Promise<void>((resolve) => {
      open = resolve;
    });
    made.gate = async ({ method }) => {
      if (method !== 'POST') return 200;
      if (++waiting === 2) open();
      await bothAreThere;
      return 200;
    };
    const ids = await Promise.all([connect(made).trigger(wanted), connectElsewhere(made).trigger(wanted)]);
    expect(ids).toEqual(['acme/app/1', 'acme/app/1']);
  });

  it('leave one by one, and the call ends with the last of them', async () => {
    const made = await startHandMade();
    made.gate = () => new Promise(() => {});
    const runner = connect(made);
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [first, second].map(({ signal }) => runner.trigger(wanted, { signal }));
    const outcomes = calls.map((call) => call.catch((error: unknown) => error));
    await expect.poll(() => made.requests.length).toBe(1);
    const leaving = new Error('leaving');
    first.abort(leaving);
    expect(await outcomes[0]).toBe(leaving);
    made.gate = () => 200;
    second.abort(leaving);
    expect(await outcomes[1]).toBe(leaving);
    expect(await runner.trigger(wanted)).toBe('acme/app/1');
  });

  it('ask anew with the next attempt, and find each attempt again', async () => {
    const failed = makeBuild(1, 'failed', { meta_data: { 'promise-failure-key': 'change-7' } });
    const made = await startHandMade(failed);
    const runner = connect(made);
    expect(await runner.trigger(wanted)).toBe('acme/app/1');
    expect(await runner.trigger({ ...wanted, attempt: 2 })).toBe('acme/app/2');
    expect(await runner.trigger({ ...wanted, attempt: 2 })).toBe('acme/app/2');
    expect(await runner.status('acme/app/2')).toMatchObject({ key: 'change-7', attempt: 2 });
    expect(await runner.status('acme/app/1')).toMatchObject({ key: 'change-7', attempt: 1 });
  });
});

describe('a trigger', () => {
  it.each([
    ['an empty key', { key: '' }],
    ['a key of blanks', { key: ' ' }],
    ['attempt 0', { attempt: 0 }],
    ['meta-data in the place of the key', { metaData: { 'promise-failure-key': 'mine' } }],
  ])('is refused with %s, before any request', async (_, more) => {
    const made = await startHandMade();
    await expect(connect(made).trigger({ ...wanted, ...more })).rejects.toBeInstanceOf(TypeError);
    expect(made.requests).toEqual([]);
  });

  it('sends what Buildkite can take, by its own names', async () => {
    const made = await startHandMade();
    await connect(made).trigger({
      ...wanted,
      message: 'try it',
      env: { A: '1' },
      metaData: { release: '7' },
      author: { name: 'Ada', email: 'ada@example.com' },
      ignorePipelineBranchFilters: true,
      cleanCheckout: true,
      pullRequestId: 12,
      pullRequestBaseBranch: 'main',
      pullRequestRepository: 'https://example.com/fork.git',
      pullRequestLabels: ['urgent'],
    });
    expect(created(made)[0]?.body).toEqual({
      commit: 'HEAD',
      branch: 'main',
      message: 'try it',
      env: { A: '1' },
      meta_data: { release: '7', 'promise-failure-key': 'change-7' },
      author: { name: 'Ada', email: 'ada@example.com' },
      ignore_pipeline_branch_filters: true,
      clean_checkout: true,
      pull_request_id: 12,
      pull_request_base_branch: 'main',
      pull_request_repository: 'https://example.com/fork.git',
      pull_request_labels: ['urgent'],
    });
  });
});

describe('a call', () => {
  it('ends after its own time, waits between repeats included', async () => {
    const made = await startHandMade();
    made.gate = () => 503;
    const runner = createBuildRunner({ baseUrl: made.url, token: 't' });
    const begun = performance.now();
    await expect(runner.status('acme/app/1', { timeoutMs: 100 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(performance.now() - begun).toBeLessThan(900);
  });

  it.each([
    ['the user’s limit', { 'ratelimit-remaining': '150', 'ratelimit-user-remaining': '0' }, 40_250],
    ['the organization’s limit', { 'ratelimit-remaining': '0', 'ratelimit-user-remaining': '20' }, 20_250],
    ['both limits', { 'ratelimit-remaining': '0', 'ratelimit-user-remaining': '0' }, 40_250],
  ])('waits out %s', async (_, remaining, wait) => {
    const made = await startHandMade(makeBuild(1, 'running'));
    const limits = { 'ratelimit-limit': '200', 'ratelimit-reset': '20' };
    made.headers = { ...limits, 'ratelimit-user-limit': '50', 'ratelimit-user-reset': '40', ...remaining };
    let calls = 0;
    made.gate = () => (++calls === 1 ? 429 : 200);
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    const runner = createBuildRunner({ baseUrl: made.url, token: 't', sleep, random: () => 0 });
    expect((await runner.status('acme/app/1')).status).toBe('running');
    expect(waits).toEqual([wait]);
  });

  it('tells the newest build of a branch with its jobs', async () => {
    const builds = [makeBuild(1, 'passed', { branch: 'topic' }), makeBuild(2, 'passed', { branch: 'main' })];
    const runner = connect(await startHandMade(...builds));
    const topic = { organization: 'acme', pipeline: 'app', branch: 'topic' };
    expect(await runner.latest(topic)).toMatchObject({ id: 'acme/app/1', status: 'succeeded' });
    expect(await runner.latest({ ...topic, branch: 'none' })).toBeUndefined();
  });
});

describe('a client', () => {
  it.each([undefined, '', 'two words', 'line\n'])('is not made with the token %j', (token) => {
    expect(() => createBuildRunner({ token: token as string })).toThrow(TypeError);
  });

  it.each(['notaurl', 'ftp://example.com', ''])('is not made with the base URL %j', (baseUrl) => {
    expect(() => createBuildRunner({ token: 't', baseUrl })).toThrow(TypeError);
  });
});
