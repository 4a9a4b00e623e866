import { writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { builds, setUpServer } from './rest-client.ts';

const { start, raw, call, model, ended, inFolder } = setUpServer();

test('a log is JSON, text or HTML, whole or in part', async () => {
  await start([{ label: 'A', command: "printf '\\033[31mred\\033[0m <b>'" }]);
  await call('POST', builds, {});
  await ended(1);
  const url = `${builds}/1/jobs/${model(1).jobs[0]?.id}/log`;
  expect((await call('GET', url)).body).toMatchObject({ content: '\u001b[31mred\u001b[0m <b>', size: 16 });
  const html = await raw(url, { headers: { accept: 'text/html' } });
  expect(await html.text()).toBe('<span class="ansi-red-fg">red</span> &lt;b&gt;');
  const head = await raw(`${url}.txt`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '16']);
  const last = await raw(`${url}.txt`, { headers: { range: 'bytes=-3' } });
  expect([last.status, last.headers.get('content-range'), await last.text()]).toEqual([
    206,
    'bytes 13-15/16',
    '<b>',
  ]);
  const asJson = await raw(url, { method: 'HEAD' });
  expect([asJson.status, asJson.headers.get('content-length')]).toEqual([200, '16']);
  const plain = { accept: 'text/plain' };
  const whole = await raw(url, { headers: { ...plain, range: 'bytes=-99' } });
  expect([whole.status, whole.headers.get('content-range')]).toEqual([206, 'bytes 0-15/16']);
  for (const range of ['bytes=0-3', 'bytes=2-', 'bytes=-0', 'bytes=-1,-2']) {
    expect((await raw(url, { headers: { ...plain, range } })).status).toBe(400);
  }
  expect((await raw(url, { headers: { range: 'bytes=-3' } })).status).toBe(400);
  expect((await raw(url, { method: 'DELETE' })).status).toBe(204);
  expect((await call('GET', url)).body).toMatchObject({ content: '', size: 0 });
  expect((await raw(url, { headers: { ...plain, range: 'bytes=-3' } })).status).toBe(416);
});

test('a failed job is retried once, by either address, and what failed with it is hidden where it is hidden', async () => {
  await start([{ label: 'A', command: 'exit 1' }]);
  await call('POST', builds, {});
  await ended(1);
  const id = model(1).jobs[0]?.id;
  const again = await call('PUT', `${builds}/1/jobs/${id}/retry`);
  const source = { job_id: id, retry_type: 'manual' };
  expect(again).toMatchObject({ status: 200, body: { name: 'A', retries_count: 1, retry_source: source } });
  expect((await call('GET', `/organizations/acme/jobs/${id}`)).body).toMatchObject({
    retried: true,
    retried_in_job_id: again.body.id,
    retried_by: { name: 'Simulator' },
  });
  expect((await call('PUT', `/organizations/acme/jobs/${id}/retry`)).status).toBe(422);
  await ended(1);
  expect((await call('PUT', `/organizations/acme/jobs/${again.body.id}/retry`)).status).toBe(200);
  await ended(1);
  const count = async (query: string) => (await call('GET', `${builds}/1${query}`)).body.jobs.length;
  expect([await count(''), await count('?include_retried_jobs=true')]).toEqual([1, 3]);
  const listed = async (query: string) => (await call('GET', `${builds}/1/jobs${query}`)).body.items.length;
  expect([await listed(''), await listed('?include_retried_jobs=false')]).toEqual([3, 1]);
});

test('a passed job is retried if its step permits it, and a block step not at all', async () => {
  const retry = { manual: { permit_on_passed: true } };
  await start([
    { label: 'A', command: 'true' },
    { label: 'P', command: 'true', retry },
    { block: 'Go on?' },
    { label: 'B', command: 'true' },
  ]);
  await call('POST', builds, {});
  await vi.waitFor(() => expect(model(1).blocked).toBe(true));
  const [a, permitted, block] = model(1).jobs;
  expect((await call('PUT', `${builds}/1/jobs/${a?.id}/retry`)).status).toBe(400);
  expect((await call('PUT', `${builds}/1/jobs/${block?.id}/retry`)).status).toBe(400);
  expect((await call('PUT', `${builds}/1/jobs/${a?.id}/unblock`)).status).toBe(400);
  expect((await call('GET', `${builds}?state=blocked`)).body).toMatchObject([
    { blocked: true, state: 'passed' },
  ]);
  const fields = { release: 'Flying Dolphin' };
  expect((await call('PUT', `${builds}/1/jobs/${block?.id}/unblock`, { fields })).body).toMatchObject({
    type: 'manual',
    state: 'unblocked',
    unblocked_by: { name: 'Simulator' },
  });
  expect((await call('PUT', `${builds}/1/jobs/${block?.id}/unblock`)).status).toBe(422);
  await ended(1);
  expect(model(1)).toMatchObject({ state: 'passed', metaData: fields });
  expect((await call('PUT', `${builds}/1/jobs/${permitted?.id}/retry`)).status).toBe(200);
});

test('all failed jobs of a build are retried at once, but for those whose step forbids it', async () => {
  const retry = { manual: { allowed: false, reason: 'A deployment is not repeated' } };
  await start([
    { label: 'A', command: 'exit 1' },
    { label: 'Soft', command: 'exit 2', soft_fail: true },
    { label: 'Once', command: 'exit 3', retry },
    { label: 'Good', command: 'true' },
  ]);
  await call('POST', builds, {});
  await ended(1);
  const [, , once] = model(1).jobs;
  expect(await call('PUT', `${builds}/1/jobs/${once?.id}/retry`)).toMatchObject({
    status: 422,
    body: { message: 'A deployment is not repeated' },
  });
  const retried = (body?: object) => call('PUT', `${builds}/1/retry_failed_jobs`, body);
  expect(await retried({ states: 'failed, great' })).toMatchObject({ status: 400 });
  expect(await retried({ states: 'soft_failed' })).toMatchObject({
    status: 202,
    body: { retried_jobs_count: 1 },
  });
  await ended(1);
  expect((await retried()).body.retried_jobs_count).toBe(2);
});

test('jobs of a cancelled build are neither retried nor unblocked', async () => {
  await start([{ label: 'A', command: 'sleep 60' }, { block: 'Go on?' }]);
  await call('POST', builds, {});
  await vi.waitFor(() => expect(model(1).jobs[0]?.state).toBe('running'));
  expect((await call('PUT', `${builds}/1/cancel`)).status).toBe(200);
  await ended(1);
  const [a, block] = model(1).jobs;
  expect((await call('PUT', `${builds}/1/jobs/${a?.id}/retry`)).status).toBe(422);
  expect((await call('PUT', `${builds}/1/jobs/${block?.id}/unblock`)).status).toBe(422);
});

test('of waiting jobs the one of the highest priority runs first', async () => {
  await start(
    [
      { label: 'A', command: 'while ! test -e go; do sleep 0.05; done' },
      { label: 'B', command: 'true' },
      { label: 'C', command: 'true' },
      { label: 'D', command: 'true', priority: 2 },
    ],
    { jobsAtATime: 1 },
  );
  await call('POST', builds, {});
  // The one with a priority of its own runs before the first.
  await vi.waitFor(() => expect(model(1).jobs[0]?.state).toBe('running'), 20_000);
  expect(model(1).jobs[3]?.state).toBe('finished');
  const address = `/organizations/acme/jobs/${model(1).jobs[2]?.id}/reprioritize`;
  expect((await call('PUT', address, { priority: 'high' })).status).toBe(400);
  expect((await call('PUT', address, { priority: 5 })).body.priority).toEqual({ number: 5 });
  await writeFile(inFolder('go'), '');
  await ended(1);
  const starts = [1, 2].map((place) => model(1).jobs[place]?.startedAt ?? 0);
  expect(starts[1]).toBeLessThan(starts[0] ?? 0);
});

test('a job tells its variables, and a build its author and its pull request', async () => {
  await start([{ label: 'A', command: 'echo "$$BUILDKITE_PULL_REQUEST of $$BUILDKITE_BUILD_AUTHOR"' }]);
  const author = { name: 'Ada', email: 'ada@example.com' };
  const pull = { pull_request_id: 42, pull_request_base_branch: 'main', pull_request_labels: ['ui'] };
  const made = await call('POST', builds, {
    author,
    ...pull,
    env: { GREETING: 'hi' },
    meta_data: { k: true },
  });
  const expected = { author, pull_request: { id: '42', base: 'main' }, meta_data: { k: 'true' } };
  expect(made.body).toMatchObject(expected);
  await ended(1);
  const job = `${builds}/1/jobs/${model(1).jobs[0]?.id}`;
  expect((await raw(`${job}/log.txt`).then((log) => log.text())).trim()).toBe('42 of Ada');
  const { env } = (await call('GET', `${job}/env`)).body;
  expect(env).toMatchObject({ GREETING: 'hi', BUILDKITE_PULL_REQUEST: '42', BUILDKITE_LABEL: 'A' });
  expect(Object.keys(env).filter((name) => name.includes('TOKEN'))).toEqual([]);
  expect(await raw(`${job}/env.txt`).then((text) => text.text())).toContain('GREETING="hi"\n');
  const again = await call('PUT', `${builds}/1/rebuild`);
  expect(again.body).toMatchObject({ ...expected, meta_data: {} });
});
