import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const bin = fileURLToPath(new URL('../bin/promise-failure-simulator.js', import.meta.url));

let folder: string;
const running: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pf-sim-'));
});
afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start(...argv: string[]) {
  const child = spawn(process.execPath, [bin, ...argv], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = new Promise((resolve) => child.on('exit', resolve));
  return { child, code, stdout: () => stdout, stderr: () => stderr };
}

const pipeline = (text: string) => writeFile(join(folder, 'p.yml'), text);

test('prints what to set for whom, runs the pipeline, and ends at ^C', async () => {
  await pipeline('steps: [{ label: Tests, command: "exit 3" }]');
  const { child, code, stdout } = start('simulate', 'p.yml', '--port', '0');
  await vi.waitFor(() => expect(stdout()).toContain('Build #1'), 20_000);
  const [, url, registration] =
    /--endpoint (http:\/\/127\.0\.0\.1:\d+)\/v3 --token (\w+)/.exec(stdout()) ?? [];
  const [, api] = /BUILDKITE_API_URL=\S+ BUILDKITE_API_TOKEN=(\w+)/.exec(stdout()) ?? [];
  expect(registration).not.toBe(api);
  const asked = await fetch(`${url}/v2/organizations/acme/pipelines/shop/builds/1`, {
    headers: { authorization: `Bearer ${api}` },
  });
  expect(await asked.json()).toMatchObject({ state: 'failed' });
  for (const name of [
    'BUILDKITE_REST_API_ENDPOINT',
    'BUILDKITE_BASE_URL',
    'BUILDKITE_TEST_ENGINE_BASE_URL',
  ]) {
    expect(stdout()).toContain(`${name}=${url}`);
  }
  child.kill('SIGINT');
  expect(await code).toBe(0);
  expect(stdout()).toContain('are gone with it');
});

test('two starts have different tokens', async () => {
  const tokens = await Promise.all(
    [1, 2].map(async () => {
      const { stdout } = start('simulate', '--port', '0');
      return vi.waitFor(() => {
        const token = /--token (\w+)/.exec(stdout())?.[1];
        expect(token).toMatch(/^\w{40}$/);
        return token;
      }, 20_000);
    }),
  );
  expect(new Set(tokens).size).toBe(2);
});

test('a port that is taken is refused with one line', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, stderr, stdout } = start('simulate', '--port', String(port));
  expect(await code).toBe(2);
  expect(stdout()).toBe('');
  expect(stderr()).toMatch(new RegExp(`^Port ${port} is taken on 127\\.0\\.0\\.1: .*--port.*\\n$`));
  other.close();
});

test.each([
  [
    'a step that it does not know',
    'steps:\n  - trigger: other\n',
    /p\.yml:2: unknown key "trigger" in the step/,
  ],
  ['a plugin', 'steps:\n  - command: x\n    plugins: []\n', /p\.yml:3: unknown key "plugins" in the step/],
  ['an expression that is none', 'steps:\n  - command: echo ${\n', /p\.yml:2: .*begins no variable/],
])('%s is refused with its line', async (_name, text, expected) => {
  await pipeline(text);
  const { code, stderr, stdout } = start('simulate', 'p.yml', '--port', '0');
  expect([await code, stdout()]).toEqual([2, '']);
  expect(stderr()).toMatch(expected);
});

test.each([
  ['that is not there', undefined, /ENOENT/],
  ['that is no JSON', '[{', /JSON/],
  ['of something else', '[{"scope": 1}]', /found \[{"scope":1}\]/],
])('a list of muted tests %s is refused by its name', async (_name, text, found) => {
  if (text !== undefined) await writeFile(join(folder, 'muted.json'), text);
  const { code, stderr } = start('simulate', '--muted', 'muted.json', '--port', '0');
  expect(await code).toBe(2);
  expect(stderr()).toMatch(/^--muted muted\.json: expected a list of .*\n$/);
  expect(stderr()).toMatch(found);
});

test('an address that takes no webhooks is told once', async () => {
  await pipeline('steps: [{ command: "true" }]');
  const { child, code, stdout } = start(
    'simulate',
    'p.yml',
    '--port',
    '0',
    '--webhook',
    'http://127.0.0.1:1/',
  );
  await vi.waitFor(() => expect(stdout()).toContain('Build #1 passed'), 20_000);
  await vi.waitFor(() => expect(stdout()).toContain('http://127.0.0.1:1/ does not answer'), 20_000);
  child.kill('SIGINT');
  await code;
  expect(stdout().match(/does not answer/g)).toHaveLength(1);
});

test('a file that is not there is named', async () => {
  const { code, stderr } = start('simulate', 'none.yml', '--port', '0');
  expect([await code, stderr()]).toEqual([2, 'There is no file none.yml.\n']);
});

test('run waits for whoever unblocks its build by REST', async () => {
  await pipeline('steps: [{ block: "Go on?" }, { command: "true" }]');
  const { code, stdout } = start('run', 'p.yml', '--port', '0');
  await vi.waitFor(() => expect(stdout()).toContain('is blocked'), 20_000);
  const [, url, api] = /BUILDKITE_API_URL=(\S+) BUILDKITE_API_TOKEN=(\w+)/.exec(stdout()) ?? [];
  const init = { headers: { authorization: `Bearer ${api}` } };
  const [build] = (await fetch(`${url}/builds`, init).then((answer) => answer.json())) as [
    { jobs: [{ id: string }] },
  ];
  const address = `${url}/organizations/acme/jobs/${build.jobs[0].id}/unblock`;
  expect((await fetch(address, { ...init, method: 'PUT' })).status).toBe(200);
  expect(await code).toBe(0);
});

test('run listens on a port on demand, and only then', async () => {
  await pipeline('steps: [{ command: "sleep 2" }]');
  const { code, stdout } = start('run', 'p.yml', '--port', '0');
  await vi.waitFor(() => expect(stdout()).toContain('is running'), 20_000);
  const [, url, api] = /BUILDKITE_API_URL=(\S+) BUILDKITE_API_TOKEN=(\w+)/.exec(stdout()) ?? [];
  const asked = await fetch(`${url}/builds`, { headers: { authorization: `Bearer ${api}` } });
  expect(await asked.json()).toMatchObject([{ state: 'running' }]);
  expect(await code).toBe(0);
  const quiet = start('run', 'p.yml');
  await quiet.code;
  expect(quiet.stdout()).not.toContain('127.0.0.1');
});
