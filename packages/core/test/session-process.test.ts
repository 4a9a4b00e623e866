import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSocket, runScript } from './child.ts';

type Socket = Awaited<ReturnType<typeof openSocket>>;
const opened: Socket[] = [];
const listen = async (answers?: 'accepts' | 'hangs') => {
  const socket = await openSocket(answers);
  opened.push(socket);
  return socket;
};
afterEach(async () => {
  for (const socket of opened.splice(0)) await socket.close();
});

describe('a session in a process of its own', { timeout: 30_000 }, () => {
  it('declares while the thread is busy with synchronous tests', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const session = open();
       session.attemptFinished(failed('a'));
       blockThread(1500);
       console.log(Date.now());
       await session.close();`,
      socket.env,
    );
    expect(socket.bodies).toEqual([
      { exit_status: 1, reason: 'test_failure (1 failed after retries: S > a)' },
    ]);
    expect(socket.arrivals[0]).toBeLessThan(Number(outcome.stdout));
  });

  it.each([
    ['process.exit', 'process.exit(3);', 3],
    ['process.exit with a busy thread', 'blockThread(300); process.exit(3);', 3],
    ['an uncaught error', 'throw new Error("boom");', 1],
    ['nothing left to do', '', 0],
  ])('delivers what was certain when the process ends by %s', async (_how, end, code) => {
    const socket = await listen();
    const outcome = await runScript(`open().attemptFinished(failed('a'));\n${end}`, socket.env);
    expect([outcome.code, socket.bodies.length]).toEqual([code, 1]);
  });

  it('tells of a pass that contradicts a promise, of whatever failure it was', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const session = open();
       session.attemptFinished(failed('a'));
       await new Promise((resolve) => setTimeout(resolve, 1000));
       for (const name of ['b', 'c']) session.attemptFinished(failed(name));
       session.attemptFinished({ ...failed('b'), status: 'passed' });
       await session.close();`,
      socket.env,
    );
    expect(outcome.stderr).toContain('2 hard, 0 muted, 1 flaky');
    expect(outcome.stderr).toContain('a promise was contradicted: S > b');
  });

  it('declares a failure that only the exit status tells, with that status', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const session = open();
       await session.close();
       process.on('exit', () => { process.exitCode = 4; });`,
      socket.env,
    );
    expect(outcome.code).toBe(4);
    expect(socket.bodies).toMatchObject([{ exit_status: 4 }]);
  });

  it('leaves a signal to its handler that has come while the thread was busy with other things', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `process.on('SIGTERM', () => process.exit(5));
       process.kill(process.pid, 'SIGTERM');
       blockThread(200);
       open();
       setTimeout(() => {}, 5000);`,
      socket.env,
    );
    expect(outcome).toMatchObject({ code: 5, stderr: '' });
    expect(socket.bodies).toEqual([]);
  });

  it('ends at once, and promises no exit status, when a signal ends the run through a handler', async () => {
    for (const fact of ['', `session.attemptFinished(failed('a'));`]) {
      const socket = await listen('hangs');
      const outcome = await runScript(
        `process.on('SIGTERM', () => setTimeout(() => {
           console.log(Date.now());
           process.exit(1);
         }, 300));
         const session = open({ drainTimeoutMs: 10_000 });
         ${fact}
         setTimeout(() => process.kill(process.pid, 'SIGTERM'), 300);
         setTimeout(() => {}, 15_000);`,
        socket.env,
      );
      expect(outcome.code).toBe(1);
      expect(Date.now() - Number(outcome.stdout)).toBeLessThan(3000);
      expect(socket.bodies).toHaveLength(fact === '' ? 0 : 1);
    }
  });

  it('warns of no leak, and declares once, where a process of many green runs fails', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `for (let n = 0; n < 12; n++) await open().close();
       process.exitCode = 1;`,
      socket.env,
    );
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).not.toContain('Warning');
    expect(socket.bodies).toHaveLength(1);
  });

  it('holds up the end for no longer than the drain timeout when no answer comes', async () => {
    const socket = await listen('hangs');
    const script = (drainTimeoutMs: number) => `const session = open({ drainTimeoutMs: ${drainTimeoutMs} });
      session.attemptFinished(failed('a'));
      const startedAt = Date.now();
      await session.close();
      process.on('exit', () => console.log(Date.now() - startedAt));`;
    const outcome = await runScript(script(1000), socket.env);
    expect(outcome.code).toBe(0);
    expect(Number(outcome.stdout)).toBeGreaterThanOrEqual(990);
    expect(Number(outcome.stdout)).toBeLessThan(5000);
    expect(outcome.stderr).toContain('no answer after 1000 ms');
  });

  it('says what it waited for when that was the list of muted tests', async () => {
    const socket = await listen('hangs');
    const outcome = await runScript(
      `const { createServer } = await import('node:http');
       const server = createServer(() => {}).listen(0, '127.0.0.1');
       await new Promise((resolve) => server.once('listening', resolve));
       process.env.BUILDKITE_TEST_ENGINE_BASE_URL = 'http://127.0.0.1:' + server.address().port;
       const session = open({ drainTimeoutMs: 1500, mutedSuite: 'acme/web' });
       session.attemptFinished(failed('a'));
       await session.close();
       process.exit();`,
      { ...socket.env, BUILDKITE_API_TOKEN: 'a-token-of-the-job' },
    );
    expect(outcome.stderr).toContain('warning: the list of muted tests has no answer after 1500 ms');
    expect(socket.bodies).toEqual([]);
  });

  it('ends once it has its answer, also when the run ends while the process already waits to exit', async () => {
    const socket = await listen();
    const startedAt = Date.now();
    const outcome = await runScript(
      `const session = open();
       session.attemptFinished(failed('a'));
       process.once('beforeExit', () => setImmediate(() => session.close()));`,
      { ...socket.env, PROMISE_FAILURE_DRAIN_TIMEOUT_MS: '20000' },
    );
    expect([outcome.code, socket.bodies.length]).toEqual([0, 1]);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  it('keeps no process alive, and starts no thread, no request and no file on a green run', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const session = open();
       for (let n = 0; n < 1000; n++) session.attemptFinished({ ...failed('t' + n), status: 'passed' });
       const { createRequire } = await import('node:module');
       const loaded = Object.keys(createRequire('/').cache).concat(process.moduleLoadList);
       console.log(JSON.stringify(loaded.filter((name) => /undici|p-retry|picomatch|NativeModule http$/.test(name) && !/internal/.test(name))));`,
      socket.env,
    );
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual([]);
    expect(socket.bodies).toEqual([]);
    expect(readdirSync(socket.env.TMPDIR)).toEqual(['s']);
  });

  it('waits for nothing and sends nothing when a likely failure was made good', async () => {
    const socket = await listen('hangs');
    const outcome = await runScript(
      `const session = open({ drainTimeoutMs: 60_000 });
       session.failureLikely();
       session.attemptFinished({ ...failed('flaky'), willRunAgain: 'yes' });
       await new Promise((resolve) => setTimeout(resolve, 300));
       session.attemptFinished({ ...failed('flaky'), status: 'passed' });
       session.testsTotal(1);
       await session.close();`,
      socket.env,
    );
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(socket.bodies).toEqual([]);
    expect(readdirSync(socket.env.TMPDIR)).toEqual(['s']);
  });

  it('declares through the thread that was started at the first sign of a failure', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const threads = [];
       process.on('worker', ({ threadId }) => threads.push(threadId));
       const session = open();
       session.attemptFinished({ ...failed('green'), status: 'passed' });
       await new Promise((resolve) => setTimeout(resolve, 100));
       const onGreen = threads.length;
       session.failureLikely();
       await new Promise((resolve) => setTimeout(resolve, 300));
       const onSign = threads.length;
       session.attemptFinished(failed('a'));
       blockThread(1500);
       const unblockedAt = Date.now();
       await session.close();
       console.log(JSON.stringify({ onGreen, onSign, atEnd: threads.length, unblockedAt }));`,
      socket.env,
    );
    const { unblockedAt, ...threads } = JSON.parse(outcome.stdout);
    expect(threads).toEqual({ onGreen: 0, onSign: 1, atEnd: 1 });
    expect(socket.bodies).toHaveLength(1);
    expect(socket.arrivals[0]).toBeLessThan(unblockedAt);
    expect(outcome.stderr).toContain('1 hard, 0 muted, 0 flaky; promised exit status 1');
  });

  it('says what a dry run would do, and sends nothing', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const session = open();
       session.attemptFinished(failed('a'));
       await new Promise((resolve) => setTimeout(resolve, 1500));
       await session.close();`,
      { ...socket.env, PROMISE_FAILURE: 'dry-run' },
    );
    expect(socket.bodies).toEqual([]);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toMatch(
      /would promise exit status 1 now: test_failure \(1 failed after retries: S > a\)/,
    );
    const early = /would have promised exit status 1 (\d\.\d) s before the end/.exec(outcome.stderr)?.[1];
    expect(Number(early)).toBeGreaterThan(0);
    expect(Number(early)).toBeLessThan(10);
  });

  it.each([
    ['a temporary folder that cannot be made', { TMPDIR: '/proc/none' }],
    ['a socket that is not there', { BUILDKITE_AGENT_JOB_API_SOCKET: '/nowhere/s' }],
    ['an environment that is nearly empty', { PATH: '' }],
  ])('leaves the exit status alone with %s', async (_what, env) => {
    const socket = await listen();
    const outcome = await runScript(
      `const session = open({ drainTimeoutMs: 500 });
       session.attemptFinished(failed('a'));
       await session.close();
       process.exitCode = 9;`,
      { ...socket.env, ...env },
    );
    expect([outcome.code, outcome.stdout]).toEqual([9, '']);
  });

  it('sends and logs no secret, whole or in part', async () => {
    const socket = await listen();
    const secrets = {
      MY_TOKEN: 'tok-4711-abcdef',
      DB_PASSWORD: 'first line\n  second line',
      X_API_KEY: 'k'.repeat(300),
    };
    const outcome = await runScript(
      `const session = open();
       for (const name of ['MY_TOKEN', 'DB_PASSWORD', 'X_API_KEY']) {
         session.attemptFinished(failed('before ' + process.env[name] + ' after'));
       }
       session.runFailed({ kind: 'hook', message: 'refused: ' + process.env.MY_TOKEN });
       session.guard('hook', () => { throw new Error(process.env.MY_TOKEN); });
       await session.close();`,
      { ...socket.env, ...secrets, PROMISE_FAILURE_DEBUG: 'true', PROMISE_FAILURE_THRESHOLD: '3' },
    );
    const told = JSON.stringify(socket.bodies) + outcome.stderr;
    expect(socket.bodies).toHaveLength(1);
    expect(told).toContain('[REDACTED]');
    for (const secret of [
      'tok-4711',
      'first line',
      'second line',
      'kkkkkk',
      socket.env.BUILDKITE_AGENT_JOB_API_TOKEN,
    ]) {
      expect(told).not.toContain(secret);
    }
  });
});

it.each([
  'await session.close();',
  'process.exit(0);',
  'blockThread(1000);',
  "process.on('SIGTERM', () => process.exit(1)); process.kill(process.pid, 'SIGTERM'); await new Promise(() => {});",
])(
  'leaves no command of the agent behind that hangs: %s',
  async (end) => {
    const folder = mkdtempSync(join(tmpdir(), 'pf-hang-'));
    const pidFile = join(folder, 'pid');
    writeFileSync(join(folder, 'buildkite-agent'), `#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 600\n`, {
      mode: 0o755,
    });
    await runScript(
      `const { existsSync } = await import('node:fs');
       const session = open({ drainTimeoutMs: 1500 });
       session.attemptFinished(failed('a'));
       while (!existsSync(${JSON.stringify(pidFile)})) await new Promise((resolve) => setTimeout(resolve, 20));
       ${end}`,
      {
        ...{
          PROMISE_FAILURE: 'true',
          BUILDKITE_JOB_ID: 'job',
          BUILDKITE_AGENT_ACCESS_TOKEN: 'token-of-the-job',
        },
        ...{ TMPDIR: folder, PATH: `${folder}:${process.env.PATH}` },
      },
    );
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    rmSync(folder, { recursive: true, force: true });
  },
  30_000,
);

/** One that has ended may stay listed (Z) where nobody takes note of it. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z\s]/.test(stdout.trim());
}

it('does not wait for a thread that has died, not even while the main thread is blocked', async () => {
  const channel = new URL('../dist/channel/worker-channel.js', import.meta.url).href;
  const outcome = await runScript(
    `const { openWorkerChannel } = await import(${JSON.stringify(channel)});
     const channel = openWorkerChannel({ env: {}, config: undefined }, () => {});
     channel.post({ type: 'total', total: 1 });
     channel.drainSync(60_000);
     console.log('ended');`,
    {},
  );
  expect(outcome).toMatchObject({ code: 0, stdout: 'ended\n' });
}, 30_000);
