import { afterEach, describe, expect, it } from 'vitest';
import { startTestEngineApi, type TestEngineApi, type TestEngineSetup } from './test-engine-api.ts';

const running: TestEngineApi[] = [];
afterEach(async () => {
  for (const api of running.splice(0)) await api.close();
});

async function start(setup?: TestEngineSetup): Promise<TestEngineApi> {
  const api = await startTestEngineApi(setup);
  running.push(api);
  return api;
}

const list = '/v2/analytics/organizations/acme/suites/web/tests/muted';
const plan = '/v2/analytics/organizations/acme/suites/web/test_plan';
const get = (url: string, token = 'engine-token') =>
  fetch(url, { headers: { authorization: `Bearer ${token}` } });
const tests = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ scope: ' s', name: `${index}` }));

describe("the stand-in for Test Engine's API", () => {
  it('pages through the muted tests by Link', async () => {
    const api = await start({ muted: tests(5), pageSize: 2, rateLimit: { requests: 9, windowMs: 60_000 } });
    const remaining: (string | null)[] = [];
    const names: string[] = [];
    let url: string | undefined = api.url + list;
    while (url !== undefined) {
      const answer: Response = await get(url);
      names.push(...((await answer.json()) as { name: string }[]).map(({ name }) => name));
      remaining.push(answer.headers.get('ratelimit-remaining'));
      url = /<(.+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(names).toEqual(['0', '1', '2', '3', '4']);
    expect(remaining).toEqual(['8', '7', '6']);
  });

  it('keeps scope and name byte for byte', async () => {
    const odd = { scope: '  a\n"\u{1F600}', name: '' };
    const api = await start({ muted: [odd] });
    expect(await (await get(api.url + list)).json()).toMatchObject([odd]);
  });

  it.each([
    ['a wrong token', list, 'other', 401],
    ['another suite', list.replace('web', 'app'), undefined, 404],
    ['another route', `${list}x`, undefined, 404],
    ['a plan that does not exist', `${plan}?identifier=x`, undefined, 404],
  ])('refuses %s', async (_, path, token, status) => {
    const api = await start();
    expect((await get(api.url + path, token)).status).toBe(status);
    expect(api.requests.map((request) => request.status)).toEqual([status]);
  });

  it('answers 429 beyond the rate limit, until the window is over', async () => {
    const api = await start({ rateLimit: { requests: 2, windowMs: 1000 } });
    const statuses: number[] = [];
    for (let call = 0; call < 3; call++) statuses.push((await get(api.url + list)).status);
    const refused = await get(api.url + list);
    expect([...statuses, refused.status]).toEqual([200, 200, 429, 429]);
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    await new Promise((resolve) =>
      setTimeout(resolve, Number(refused.headers.get('ratelimit-reset')) * 1000),
    );
    expect((await get(api.url + list)).status).toBe(200);
  });

  it('serves the plan by its identifier', async () => {
    const api = await start({ plan: { identifier: 'b/s', muted: tests(1) } });
    const answer = await get(`${api.url}${plan}?identifier=b%2Fs&job_retry_count=0`);
    expect(await answer.json()).toMatchObject({
      identifier: 'b/s',
      muted_tests: [{ path: '', scope: ' s', name: '0' }],
    });
  });

  it('makes the trouble it is told to, then goes on', async () => {
    const api = await start({ trouble: [{ type: 'answer', status: 500, body: '<html>' }, { type: 'cut' }] });
    expect(await (await get(api.url + list)).text()).toBe('<html>');
    await expect(get(api.url + list)).rejects.toThrow();
    expect((await get(api.url + list)).status).toBe(200);
  });

  it('replaces the list while it runs', async () => {
    const api = await start({ muted: tests(3) });
    api.setMuted(tests(1));
    expect(await (await get(api.url + list)).json()).toHaveLength(1);
  });
});
