import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeJob, startHandMade } from './hand-made.ts';

const folder = join(import.meta.dirname, '..');
const tsc = join(folder, '../../node_modules/typescript/bin/tsc');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? '');

/** Type-checks an example as a reader's project would, and leaves what can be run. */
async function build(example: string | undefined): Promise<string> {
  mkdirSync(join(folder, '.tmp'), { recursive: true });
  const home = mkdtempSync(join(folder, '.tmp', 'readme-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  writeFileSync(join(home, 'example.mts'), example ?? '');
  const compilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, target: 'ES2023', module: 'NodeNext' },
    ...{ types: ['node'], noEmitOnError: true },
  };
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.mts'] }));
  const { exit, output } = run([tsc, '-p', home], home, {});
  expect(await exit, output()).toBe(0);
  return join(home, 'example.mjs');
}

function run(args: readonly string[], cwd: string, env: Record<string, string>) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  onTestFinished(() => void child.kill());
  return { exit: new Promise((resolve) => child.once('close', resolve)), output: () => text };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const soon = { timeout: 20_000 };

describe('the examples of the README', { timeout: 60_000 }, () => {
  it('are all here', () => {
    expect(examples).toHaveLength(2);
  });

  it('trigger a build and follow its changes', async () => {
    const made = await startHandMade();
    const script = await build(examples[0]);
    const env = { BUILDKITE_API_URL: made.url, BUILDKITE_API_TOKEN: 't' };
    const { exit, output } = run([script], folder, env);
    await expect.poll(output, soon).toBe('accepted\n');
    const triggered = made.builds.get(1);
    const job = makeJob('Unit tests', 'running', { promised_exit_status: 1 });
    Object.assign(triggered ?? {}, { state: 'failing', jobs: [job] });
    await expect.poll(output, soon).toBe("accepted\nfailing\n[ 'Unit tests' ]\n");
    Object.assign(triggered ?? {}, { state: 'failed' });
    expect(await exit).toBe(0);
    expect(output()).toMatch(/failed\n$/);
  });

  it('receive webhooks, and refuse those of strangers', async () => {
    const script = await build(examples[1]);
    const port = await freePort();
    const env = { BUILDKITE_API_TOKEN: 't', BUILDKITE_WEBHOOK_TOKEN: 'secret', PORT: String(port) };
    const { output } = run([script], folder, env);
    const post = () => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
    const status = () =>
      post().then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(status, soon).toBe(401);
    await expect.poll(output, soon).toContain('refused 1 webhooks: there is no single x-buildkite-signature');
  });
});
