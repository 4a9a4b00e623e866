import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeBuild, makeJob, startHandMade } from '../../build-runner/test/hand-made.ts';
import { freePort } from './free-port.ts';

const bin = join(import.meta.dirname, '../bin/promise-failure.js');
/** Stands for a terminal, of which a test has none: libraries look at this property. */
const asTerminal = ['--import', 'data:text/javascript,process.stdout.isTTY=process.stderr.isTTY=true'];
const { BUILDKITE: _, CI: __, ...ownEnv } = process.env;

interface Started {
  readonly child: ChildProcess;
  readonly exit: Promise<number | string | null>;
  readonly output: () => string;
  readonly errors: () => string;
}

function start(
  args: readonly string[],
  env: Record<string, string> = {},
  node: readonly string[] = [],
): Started {
  const child = spawn(process.execPath, [...node, bin, ...args], {
    env: { ...ownEnv, TERM: 'xterm', BUILDKITE_API_TOKEN: 't', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = ['', ''];
  [child.stdout, child.stderr].forEach((stream, index) => {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[index] += chunk;
    });
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return { child, exit, output: () => texts[0] ?? '', errors: () => texts[1] ?? '' };
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const promise = { promised_exit_status: 1, promised_exit_status_at: '2026-06-03T04:15:41.618Z' };
const failing = { failing_at: '2026-06-03T04:15:41.700Z' };
const soon = { timeout: 15_000 };

/** The first block of a language in the command's README that holds a text. */
function fromReadme(language: string, holds: string): string {
  const page = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))];
  return blocks.map(([, block]) => block ?? '').find((block) => block.includes(holds)) ?? '';
}

describe('promise-failure watch', { timeout: 60_000 }, () => {
  it('does what its README shows', async () => {
    const web_url = 'https://buildkite.com/acme/shop/builds/12#0190046e-e199-453b-a302-a21a4d649d31';
    const job = makeJob('Unit tests', 'running', { ...promise, web_url });
    const build = makeBuild(12, 'running', {}, [job]);
    const { url } = await startHandMade(build);
    const folder = scratch();
    writeFileSync(join(folder, 'fix.sh'), '#!/bin/sh\ncat > report.json\n', { mode: 0o755 });
    const command = fromReadme('sh', 'promise-failure watch');
    const inPath = `promise-failure() { "${process.execPath}" "${bin}" "$@"; }\n${command}`;
    const env = { ...ownEnv, BUILDKITE_API_TOKEN: 't', BUILDKITE_API_URL: url, NO_COLOR: '1' };
    const child = spawn('/bin/bash', ['-c', inPath], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    const exit = new Promise((resolve) => child.once('close', resolve));
    await expect.poll(() => output, soon).toContain('running');
    Object.assign(build, { state: 'failing', ...failing });
    expect(await exit).toBe(10);
    expect(output).toBe(
      `${fromReadme('text', 'acme/shop/12: failing')}the command of --on-failing ended with 0\n`,
    );
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).id).toBe('acme/shop/12');
  });

  it.each([
    ['passed', 0],
    ['failed', 9],
    ['canceled', 9],
    ['skipped', 9],
    ['not_run', 9],
    ['failing', 10],
    ['blocked', 11],
  ])('exits as bk preflight does for a build that is %s, with %i', async (state, exitCode) => {
    const { url } = await startHandMade(makeBuild(1, state));
    const file = join(scratch(), 'ran');
    const watch = start(['watch', 'acme/app/1', '--on-failing', `touch '${file}'`], {
      BUILDKITE_API_URL: url,
    });
    expect(await watch.exit).toBe(exitCode);
    expect(existsSync(file)).toBe(state === 'failed' || state === 'failing');
  });

  it.each([
    ['scheduled', 11],
    ['running', 11],
    ['canceling', 11],
    ['failing', 10],
    ['something new', 12],
  ])('exits when its time is up as bk preflight does for %s, with %i', async (state, exitCode) => {
    const { url } = await startHandMade(makeBuild(1, state));
    const args = ['watch', 'acme/app/1', '--until', 'finished', '--timeout', '0.5'];
    const { exit } = start(args, { BUILDKITE_API_URL: url });
    expect(await exit).toBe(exitCode);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('waits for a running hook in a live view after %s', async (signal, exitCode) => {
    const { url } = await startHandMade(
      makeBuild(1, 'failing', failing, [makeJob('it', 'running', promise)]),
    );
    const file = join(scratch(), 'done');
    const hook = `echo begun >&2; sleep 1.5; echo done > '${file}'`;
    const args = ['watch', 'acme/app/1', '--until', 'finished', '--on-failing', hook];
    const { child, exit, errors, output } = start(args, { BUILDKITE_API_URL: url }, asTerminal);
    await expect.poll(errors, soon).toContain('begun');
    child.kill(signal);
    expect(await exit).toBe(exitCode);
    expect(readFileSync(file, 'utf8')).toBe('done\n');
    expect(output()).toContain('waits for the command of --on-failing');
  });

  it('shows in a live view that there is no answer yet', async () => {
    const hang = createServer(() => {});
    await new Promise<void>((resolve) => hang.listen(0, '127.0.0.1', resolve));
    const address = hang.address() as { port: number };
    onTestFinished(() => void hang.close());
    const env = { BUILDKITE_API_URL: `http://127.0.0.1:${address.port}/v2` };
    const { output } = start(['watch', 'acme/app/1'], env, asTerminal);
    await expect.poll(output, { timeout: 3000 }).toContain('acme/app/1  no answer yet');
    const lines = start(['watch', 'acme/app/1'], env);
    await expect.poll(lines.output, { timeout: 9000 }).toContain('acme/app/1: no answer yet');
  });

  it('shows how far the jobs are', async () => {
    const counts = { total: 5, states: { passed: 2, timed_out: 1, running: 2 } };
    const { url } = await startHandMade(makeBuild(1, 'running', { job_state_counts: counts }));
    const { output } = start(['watch', 'acme/app/1'], { BUILDKITE_API_URL: url }, asTerminal);
    await expect.poll(output, soon).toContain('3 of 5 jobs ended, 2 running');
  });

  it.each(['BUILDKITE', 'CI'])('redraws nothing in the terminal of a job, by %s', async (name) => {
    const build = makeBuild(1, 'running');
    const { url } = await startHandMade(build);
    const env = { BUILDKITE_API_URL: url, [name]: 'true', NO_COLOR: '1' };
    const { output, exit } = start(['watch', 'acme/app/1'], env, asTerminal);
    await expect.poll(output, soon).toContain('running');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    build.state = 'passed';
    expect(await exit).toBe(0);
    expect(output()).toBe('acme/app/1: running\nacme/app/1: succeeded\n');
  });

  it('ends quietly when nobody reads on', async () => {
    const build = makeBuild(1, 'running');
    const { url } = await startHandMade(build);
    const { child, output, errors, exit } = start(['watch', 'acme/app/1', '--json'], {
      BUILDKITE_API_URL: url,
    });
    await expect.poll(output, soon).toContain('running');
    child.stdout?.destroy();
    Object.assign(build, { state: 'failing', ...failing });
    expect([10, 141]).toContain(await exit);
    expect(errors()).toBe('');
  });

  it('refuses a base URL that is none at once, and names the option', async () => {
    const begun = performance.now();
    const { exit, errors } = start(['watch', 'acme/app/1', '--api-url', 'notaurl']);
    expect(await exit).toBe(1);
    expect(errors()).toMatch(/--api-url must be a URL .*notaurl/);
    expect(performance.now() - begun).toBeLessThan(8000);
  });

  it('tells the end as JSON, also of a build that does not exist', async () => {
    const { url } = await startHandMade();
    const { exit, output } = start(['watch', 'acme/app/1', '--json'], { BUILDKITE_API_URL: url });
    expect(await exit).toBe(1);
    const end = {
      type: 'end',
      build: 'acme/app/1',
      exitCode: 1,
      message: expect.stringContaining('no such build'),
    };
    expect(JSON.parse(output())).toMatchObject(end);
  });

  it('watches the newest build of a branch', async () => {
    const builds = [makeBuild(1, 'failed', { branch: 'topic' }), makeBuild(2, 'passed', { branch: 'main' })];
    const { url } = await startHandMade(...builds);
    const env = { BUILDKITE_API_URL: url };
    expect(await start(['watch', 'acme/app', '--branch', 'topic'], env).exit).toBe(9);
    expect(await start(['watch', 'acme/app'], { ...env, BUILDKITE_BRANCH: 'main' }).exit).toBe(0);
    const none = start(['watch', 'acme/app', '--branch', 'none'], env);
    expect(await none.exit).toBe(1);
    expect(none.errors()).toContain('there is no build of the branch none in acme/app');
    const both = start(['watch', 'acme/app/1', '--branch', 'topic'], env);
    expect(await both.exit).toBe(1);
    expect(both.errors()).toContain('--branch goes with a pipeline');
  });

  it('tells of webhooks that it refuses', async () => {
    const { url } = await startHandMade(makeBuild(1, 'running'));
    const port = await freePort();
    const env = { BUILDKITE_API_URL: url, BUILDKITE_WEBHOOK_TOKEN: 'secret' };
    const { output } = start(['watch', 'acme/app/1', '--listen', String(port)], env);
    await expect.poll(output, soon).toContain('running');
    for (const _ of [1, 2, 3]) await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
    await expect.poll(output).toContain('refused a webhook: there is no single x-buildkite-signature');
    expect(output().match(/refused/g)).toHaveLength(1);
  });
});

describe.skipIf(process.platform === 'win32')('promise-failure run', { timeout: 60_000 }, () => {
  const counter = `
    const counts = { SIGTERM: 0, SIGINT: 0 };
    for (const name of Object.keys(counts)) process.on(name, () => counts[name]++);
    console.log('ready');
    setInterval(() => {
      if (counts.SIGTERM + counts.SIGINT === 0) return;
      setTimeout(() => { console.log(JSON.stringify(counts)); process.exit(7); }, 1000);
    }, 20).unref();
    setTimeout(() => {}, 30000);`;

  it.each([
    ['its group', 'SIGTERM', (pid: number) => -pid],
    ['its group', 'SIGINT', (pid: number) => -pid],
    ['it alone', 'SIGTERM', (pid: number) => pid],
    ['it alone', 'SIGINT', (pid: number) => pid],
  ] as const)('lets a signal to %s, %s, reach its command once', async (_, name, target) => {
    const { child, exit, output } = start(['run', '--', process.execPath, '-e', counter]);
    await expect.poll(output, soon).toContain('ready');
    process.kill(target(child.pid ?? 0), name);
    await exit;
    const counts = { SIGTERM: 0, SIGINT: 0, [name]: 1 };
    expect(JSON.parse(output().split('\n')[1] ?? '')).toEqual(counts);
  });
});
