import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openSocket, runScript } from './child.ts';

type Socket = Awaited<ReturnType<typeof openSocket>>;
const opened: { close(): Promise<void> }[] = [];
const listen = async (): Promise<Socket> => {
  const socket = await openSocket();
  opened.push(socket);
  return socket;
};
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const [major = 0] = process.versions.node.split('.').map(Number);
const withoutThreads = [
  ...(major < 23 ? ['--experimental-permission'] : ['--permission']),
  ...['--allow-fs-read=*', '--allow-fs-write=*', ...(major >= 25 ? ['--allow-net'] : [])],
];
const promise = { exit_status: 1, reason: 'test_failure (1 failed after retries: S > a)' };

describe.runIf(process.platform === 'linux')('the runner’s own thread', { timeout: 30_000 }, () => {
  it('declares a first failure without any other thread', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const session = open();
       session.attemptFinished(failed('a'));
       await new Promise((resolve) => setTimeout(resolve, 500));
       process.exitCode = 3;`,
      socket.env,
      [],
      withoutThreads,
    );
    expect(outcome.code).toBe(3);
    expect(socket.bodies).toEqual([promise]);
    expect(outcome.stderr).toContain('--allow-worker');
  });

  it('sends before anything else happens in it', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const session = open();
       session.attemptFinished(failed('a'));
       blockThread(1000);
       console.log(Date.now());
       process.exit();`,
      socket.env,
      [],
      withoutThreads,
    );
    expect(socket.bodies).toEqual([promise]);
    expect(socket.arrivals[0]).toBeLessThan(Number(outcome.stdout) - 500);
  });

  it.each<[string, Record<string, string>, string]>([
    ['more than one failure is needed', { PROMISE_FAILURE_THRESHOLD: '2' }, ''],
    ['a share of all tests is needed', { PROMISE_FAILURE_THRESHOLD: '50%' }, ''],
    ['a test may be muted', { PROMISE_FAILURE_MUTED_FILE: '/nowhere.json' }, ''],
    ['a layer may flip the exit status', { PROMISE_FAILURE_EXIT_WRAPPER: 'wrapper' }, ''],
    ['the runner may be run again', { PROMISE_FAILURE_OUTER_RETRIES: '1' }, ''],
    ['it is a dry run', { PROMISE_FAILURE: 'dry-run' }, ''],
    ['the run is being cancelled', {}, 'session.cancelled();'],
  ])('declares nothing where %s', async (_what, env, before) => {
    const socket = await listen();
    await runScript(
      `const session = open(); ${before} session.attemptFinished(failed('a')); await session.close();`,
      { ...socket.env, ...env },
    );
    expect(socket.bodies).toEqual([]);
  });

  it('declares once, whatever else fails', async () => {
    const socket = await listen();
    await runScript(
      `const session = open();
       for (const name of ['a', 'b', 'c']) session.attemptFinished(failed(name));
       await new Promise((resolve) => setTimeout(resolve, 500));`,
      socket.env,
      [],
      withoutThreads,
    );
    expect(socket.arrivals).toHaveLength(1);
  });

  it('tells of the promise as the other thread does, with the reason that was sent', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const session = open();
       session.attemptFinished(failed('a'));
       session.attemptFinished(failed('b'));
       await session.close();`,
      socket.env,
    );
    expect(socket.bodies).toEqual([promise]);
    expect(outcome.stderr).toContain(`promised exit status 1 (by Job API): ${promise.reason}`);
  });

  it('sends no secret, and leaves no recorder of requests a token', async () => {
    const socket = await listen();
    const outcome = await runScript(
      `const http = process.getBuiltinModule('node:http');
       http.request = http.ClientRequest = function (options) { console.log(JSON.stringify(options)); };
       open().attemptFinished(failed('with ' + process.env.MY_TOKEN));
       await new Promise((resolve) => setTimeout(resolve, 300));`,
      { ...socket.env, MY_TOKEN: 'tok-4711-abcdef' },
      [],
      withoutThreads,
    );
    const reason = 'test_failure (1 failed after retries: S > with [REDACTED])';
    expect(socket.bodies).toEqual([{ exit_status: 1, reason }]);
    expect(outcome.stdout).toBe('');
  });

  it('is left alone by a token that would break the request', async () => {
    const socket = await listen();
    await runScript(
      `open().attemptFinished(failed('a')); await new Promise((resolve) => setTimeout(resolve, 300));`,
      { ...socket.env, BUILDKITE_AGENT_JOB_API_TOKEN: 'a\r\nX: b' },
      [],
      withoutThreads,
    );
    expect(socket.arrivals).toEqual([]);
  });

  it.each([
    ['answers with garbage', (connection: Ended) => connection.end('SSH-2.0-OpenSSH\r\n')],
    ['is cut off', (connection: Ended) => connection.destroy()],
  ])('leaves the verdict to the other thread when the agent %s', async (_what, first) => {
    const agent = await breakFirst(first);
    const outcome = await runScript(
      `const session = open(); session.attemptFinished(failed('a')); await session.close();`,
      agent.env,
    );
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain('promised exit status 1 (by Job API)');
    expect(agent.firstLines).toEqual([
      'POST /api/current-job/v0/promise-failure HTTP/1.0',
      'POST /api/current-job/v0/promise-failure HTTP/1.1',
    ]);
  });

  it('keeps no process alive', async () => {
    const agent = await breakFirst(() => {});
    const outcome = await runScript(
      `open().attemptFinished(failed('a')); setTimeout(() => {}, 500);`,
      agent.env,
      [],
      withoutThreads,
    );
    expect(outcome.code).toBe(0);
    expect(outcome.ms).toBeLessThan(5000);
  });
});

type Ended = { end(text: string): unknown; destroy(): unknown };

/** A Job API whose first connection ends oddly, and whose others accept. */
async function breakFirst(first: (connection: Ended) => void) {
  const { env, close } = await openSocket();
  await close();
  const { mkdirSync, rmSync } = await import('node:fs');
  mkdirSync(env.TMPDIR);
  const firstLines: string[] = [];
  const body = '{"outcome":"declared","accepted":true,"upstream_status":204}';
  const accepts = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const server: Server = createServer((connection) => {
    connection.on('error', () => {});
    connection.setEncoding('utf8').once('data', (text: string) => {
      const [line = ''] = String(text).split('\r\n');
      if (firstLines.push(line) === 1) first(connection);
      else connection.end(accepts);
    });
  });
  await new Promise<void>((resolve) => server.listen(env.BUILDKITE_AGENT_JOB_API_SOCKET, resolve));
  opened.push({
    async close() {
      server.close();
      rmSync(env.TMPDIR, { recursive: true, force: true });
    },
  });
  return { env, firstLines };
}
