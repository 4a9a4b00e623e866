import { writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { builds, setUpServer } from './rest-client.ts';

const { start, raw, call, model, ended, inFolder, url } = setUpServer();

const command = [
  'mkdir -p out && printf "%s" "first" > out/a.txt && printf "%s" "{}" > out/evidence.json',
  'buildkite-agent artifact upload "out/a.txt;out/evidence.json"',
  'buildkite-agent meta-data set uploaded yes',
  'while [ ! -e seen ]; do sleep 0.1; done',
];

test('files of a job are listed and read while it still runs', async () => {
  await start([{ label: 'A', command }]);
  await call('POST', builds, {});
  await vi.waitFor(() => expect(model(1).metaData.uploaded).toBe('yes'), { timeout: 20_000 });
  const { body } = await call('GET', `${builds}/1/artifacts`);
  expect(body).toMatchObject([
    { path: 'out/a.txt', dirname: 'out', filename: 'a.txt', file_size: 5, state: 'finished' },
    { path: 'out/evidence.json', job_id: model(1).jobs[0]?.id, state: 'finished' },
  ]);
  const [first] = body;
  expect((await call('GET', `${builds}/1/jobs/${first.job_id}/artifacts?per_page=1`)).body).toEqual([first]);
  expect((await raw(first.url).then((answer) => answer.json())).sha1sum).toBe(first.sha1sum);
  const there = await raw(first.download_url, { redirect: 'manual' });
  const location = there.headers.get('location') ?? '';
  expect([there.status, location.startsWith(`${url()}/storage/`)]).toEqual([302, true]);
  // Its address is all that is needed, and nothing of it is shown as a page of the server.
  const bytes = await fetch(location);
  expect(await bytes.text()).toBe('first');
  expect(bytes.headers.get('content-disposition')).toBe('attachment');
  expect(model(1).state).toBe('running');
  await writeFile(inFolder('seen'), '');
  await ended(1);
});

test('what is not there is not found, and a file that is deleted is gone', async () => {
  await start([{ label: 'A', command: command.slice(0, 2) }]);
  await call('POST', builds, {});
  await ended(1);
  const [first] = (await call('GET', `${builds}/1/artifacts`)).body;
  const location = (await raw(first.download_url, { redirect: 'manual' })).headers.get('location') ?? '';
  expect((await raw(first.url, { method: 'DELETE' })).status).toBe(204);
  expect((await raw(first.download_url, { redirect: 'manual' })).status).toBe(404);
  expect((await fetch(location)).status).toBe(404);
  expect((await raw(first.url)).status).toBe(404);
  const rest = (await call('GET', `/organizations/acme/jobs/${first.job_id}/artifacts`)).body;
  expect(rest.map(({ path }: { path: string }) => path)).toEqual(['out/evidence.json']);
  expect((await call('GET', `${builds}/1/artifacts?path=*.txt`)).body).toEqual([]);
  expect((await call('GET', `${builds}/1/artifacts?state=new`)).body).toEqual([]);
  expect((await fetch(`${url()}/storage/none`)).status).toBe(404);
  expect((await raw(`${builds}/1/jobs/${first.job_id}/artifacts/none`)).status).toBe(404);
  const again = await fetch(`${url()}/storage`, { method: 'POST', body: formOf('none', 'x') });
  expect(again.status).toBe(403);
});

test('a file that does not exist, or stands above the folder, is refused with a line', async () => {
  const say = (text: string) => `${text} || echo refused`;
  await start([
    {
      label: 'A',
      command: [
        say('buildkite-agent artifact upload nothing.txt'),
        'echo x > ../above.txt',
        say('buildkite-agent artifact upload ../above.txt'),
        'rm ../above.txt',
      ],
    },
  ]);
  await call('POST', builds, {});
  await ended(1);
  const job = model(1).jobs[0];
  const log = await raw(`${builds}/1/jobs/${job?.id}/log.txt`).then((answer) => answer.text());
  expect(log).toMatch(/nothing\.txt[\s\S]*refused[\s\S]*above\.txt[\s\S]*refused/);
});

function formOf(key: string, content: string): FormData {
  const form = new FormData();
  form.set('key', key);
  form.set('file', new Blob([content]), 'a.txt');
  return form;
}
