import { expect, test } from 'vitest';
import { builds, setUpServer } from './rest-client.ts';

const { start, raw, call, model, ended, url } = setUpServer();

test('creating a build runs the pipeline with real processes, and its addresses are its own', async () => {
  await start([{ label: 'A', key: 'a', command: 'echo "$$GREETING" $BUILDKITE_BRANCH; exit 3' }]);
  const made = await call('POST', builds, { branch: 'dev', env: { GREETING: 'hi' }, meta_data: { k: 'v' } });
  expect(made).toMatchObject({ status: 201, body: { number: 1, branch: 'dev', pipeline: { slug: 'shop' } } });
  expect(made.body.url).toBe(`${url()}/v2${builds}/1`);
  await ended(1);
  const { body } = await call('GET', `${builds}/1`);
  expect(body).toMatchObject({
    state: 'failed',
    job_state_counts: { total: 1, states: { failed: 1 } },
    jobs: [{ state: 'failed', exit_status: 3, step_key: 'a' }],
  });
  const page = await fetch(body.web_url);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await raw(body.jobs[0].raw_log_url).then((log) => log.text())).trim()).toBe('hi dev');
});

test('a body that is no JSON object is refused, and changes nothing', async () => {
  await start([{ command: 'true' }]);
  for (const body of ['{"branch":', '[]', '"main"']) {
    expect((await raw(builds, { method: 'POST', body })).status).toBe(400);
  }
  expect(model(1)).toBeUndefined();
});

test('a rebuild repeats a build and names it', async () => {
  await start([{ label: 'A', command: 'true' }]);
  await call('POST', builds, { branch: 'dev', message: 'first' });
  const again = await call('PUT', `${builds}/1/rebuild`);
  expect(again).toMatchObject({
    status: 200,
    body: { number: 2, branch: 'dev', rebuilt_from: { number: 1 } },
  });
});

test('lists go by all filters and pages, and name the next with the whole query', async () => {
  await start([{ label: 'A', command: 'true', parallelism: 3 }]);
  for (const branch of ['dev', 'wip/x', 'dev']) await call('POST', builds, { branch });
  await Promise.all([1, 2, 3].map(ended));
  const numbers = async (query: string) =>
    (await call('GET', `${builds}?${query}`)).body.map(({ number }: { number: number }) => number);
  expect(await numbers('branch[]=wip/x&branch[]=none')).toEqual([2]);
  expect(await numbers('branch=*/x')).toEqual([2]);
  expect(await numbers('state[]=finished')).toEqual([3, 2, 1]);
  expect(await numbers('created_from=2999-01-01T00:00:00Z')).toEqual([]);
  expect(await numbers('created_to=2999-01-01T00:00:00Z')).toEqual([3, 2, 1]);
  expect(await numbers('created_to=1999-01-01T00:00:00Z')).toEqual([]);
  expect(await numbers('finished_from=2999-01-01T00:00:00Z')).toEqual([]);
  expect(await numbers('finished_from=1999-01-01T00:00:00Z')).toEqual([3, 2, 1]);
  expect(await numbers('commit[]=HEAD')).toEqual([3, 2, 1]);
  expect(await numbers('commit=abc')).toEqual([]);
  expect(await numbers('creator=00000000-0000-4000-8000-000000000001')).toEqual([3, 2, 1]);
  expect(await numbers('creator=somebody')).toEqual([]);
  expect(await numbers('state[]=running&state[]=failed')).toEqual([]);
  expect(await numbers('page=0&per_page=1')).toEqual([3]);
  const shown = async (query: string) => (await call('GET', `${builds}/1?${query}`)).body.jobs?.length;
  expect([await shown('job_states[]=failed'), await shown('job_states[]=passed')]).toEqual([0, 3]);
  expect(await shown('exclude_jobs=true')).toBeUndefined();
  const ofStep = (await call('GET', `${builds}/1/jobs?step_key=none`)).body.items;
  expect(ofStep).toEqual([]);
  const first = await call('GET', `${builds}?branch=dev&per_page=1`);
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  expect((await call('GET', next)).body).toMatchObject([{ number: 1 }]);
  const jobs = await call('GET', `${builds}/1/jobs?state[]=passed&per_page=2`);
  const rest = await call('GET', jobs.body.links.next);
  expect(new URL(jobs.body.links.next).search).toContain('state%5B%5D=passed');
  expect([jobs.body.items.length, rest.body.items.length, rest.body.links.next]).toEqual([2, 1, null]);
});

test.each([
  ['a state that is none', '?state=broken_heart'],
  ['a time that is none', '?created_from=soon'],
  ['a page beyond all', '?page=101'],
  ['a page size that is none', '?per_page=many'],
  ['a job state that is none', '/1/jobs?state[]=finished'],
  ['a job state that is none, of a build', '/1?job_states[]=great'],
  ['too many jobs on a page', '/1/jobs?per_page=101'],
  ['a cursor that is none', '/1/jobs?after=nowhere'],
  ['two cursors', '/1/jobs?after=a&before=b'],
])('%s is refused', async (_name, path) => {
  await start([{ command: 'true' }]);
  await call('POST', builds, {});
  const { status, body } = await call('GET', builds + path);
  expect([status, Object.keys(body)]).toEqual([400, ['message']]);
});

test('annotations obey their rules, and hold nothing that can act', async () => {
  await start([{ command: 'true' }]);
  await call('POST', builds, {});
  const annotate = (body: object) => call('POST', `${builds}/1/annotations`, body);
  await annotate({ body: '**bold** <script>x</script><p style="color:red" onclick="x">p</p>', context: 'a' });
  await annotate({ body: ' more', context: 'a', append: true });
  expect((await annotate({ context: 'a', style: 'warning' })).status).toBe(201);
  expect((await annotate({ body: 'b', context: 'b', priority: 10 })).status).toBe(201);
  const { body } = await call('GET', `${builds}/1/annotations`);
  expect(body).toMatchObject([{ context: 'b' }, { context: 'a', style: 'warning' }]);
  expect(body[1].body_html).toMatch(/<strong>bold<\/strong>.*more/s);
  expect(body[1].body_html).not.toMatch(/script|onclick|color/);
  const job = `/organizations/acme/jobs/${model(1).jobs[0]?.id}/annotations`;
  const own = await call('POST', job, { body: 'own', context: 'a' });
  expect(own).toMatchObject({ status: 201, body: { scope: 'job', context: 'a' } });
  expect((await call('GET', job)).body).toMatchObject([{ id: own.body.id }]);
  expect((await raw(`${job}/${body[1].id}`, { method: 'DELETE' })).status).toBe(404);
  expect((await raw(`${job}/${own.body.id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await call('GET', job)).body).toEqual([]);
  for (const wrong of [
    {},
    { body: 'x', style: 'pink' },
    { body: 'x', context: 'c'.repeat(101) },
    { body: 'x'.repeat(1024 * 1024 + 1) },
    { body: 'x', priority: 11 },
    { body: 5 },
    { body: 'x', context: ['c'] },
  ]) {
    expect((await annotate(wrong)).status).toBe(422);
  }
});

test('both limits are told in every answer, and the smaller one refuses', async () => {
  const windowMs = 60_000;
  await start([{ command: 'true' }], {
    rateLimits: { user: { requests: 2, windowMs }, organization: { requests: 3, windowMs } },
  });
  await call('GET', '/user');
  const second = await call('GET', '/access-token');
  expect([second.headers.get('ratelimit-remaining'), second.headers.get('ratelimit-user-remaining')]).toEqual(
    ['1', '0'],
  );
  const third = await call('GET', builds);
  expect(third).toMatchObject({ status: 429, body: { scope: 'rest_user', limit: 2, current: 3 } });
  expect(third.body.message).toMatch(/^You have exceeded your API rate limit\. Please wait \d+ seconds/);
  expect(third.headers.get('ratelimit-user-warning')).not.toBeNull();
});

test('the rest of what clients ask for is there', async () => {
  await start([{ command: 'true' }]);
  expect((await call('GET', '/organizations')).body).toMatchObject([{ slug: 'acme' }]);
  expect((await call('GET', '/organizations/acme/pipelines')).body).toMatchObject([{ slug: 'shop' }]);
  expect((await call('GET', '/organizations/acme/pipelines/shop')).body).toMatchObject({
    configuration: expect.stringContaining('steps'),
    running_builds_count: 0,
  });
  expect((await call('GET', '/access-token')).body.scopes).toContain('read_builds');
  expect((await call('GET', '/organizations/acme/agents')).body).toEqual([]);
  expect((await call('GET', '/organizations/other')).status).toBe(404);
  await call('POST', builds, {});
  expect((await call('GET', `${builds}/1/artifacts`)).body).toEqual([]);
  const wrong = await fetch(`${url()}/v2/user`, { headers: { authorization: 'Bearer wrong' } });
  expect(wrong.status).toBe(401);
});

test('a pipeline that cannot be run is refused with its line, and makes no build', async () => {
  await start([{ comand: 'x' }]);
  const { status, body } = await call('POST', builds, {});
  expect(status).toBe(422);
  expect(body.message).toContain('p.yml:1: unknown key "comand"');
  expect((await call('GET', builds)).body).toEqual([]);
});
