import { describe, expect, it } from 'vitest';
import { openSocket, runScript } from './child.ts';

/** Starts of the thread in all. The samples here are short; thousands are for `pnpm test:threads`, on each Node. */
const starts = Number(process.env.THREAD_STARTS || 120);

const channel = new URL('../dist/channel/worker-channel.js', import.meta.url).href;

/** What a thread has to load, from its own file alone to all that it may ever need. */
const surroundings = {
  'the Job API': {},
  'the Agent API': { BUILDKITE_AGENT_JOB_API_SOCKET: '', BUILDKITE_AGENT_ENDPOINT: 'http://127.0.0.1:9/v3' },
  'a proxy': {
    BUILDKITE_AGENT_JOB_API_SOCKET: '',
    BUILDKITE_AGENT_ENDPOINT: 'http://agent.invalid/v3',
    http_proxy: 'http://127.0.0.1:9',
  },
  'the muted list': {
    BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web',
    BUILDKITE_ORGANIZATION_SLUG: 'acme',
    BUILDKITE_API_TOKEN: 'token-of-the-api',
    BUILDKITE_TEST_ENGINE_BASE_URL: 'http://127.0.0.1:9',
  },
};

describe('a thread that is ended at any moment', { timeout: 3_600_000 }, () => {
  const environments = Object.entries(surroundings);
  const perProcess = 40;

  it.each(environments)('leaves the process alive, while it loads %s', async (_what, env) => {
    const socket = await openSocket();
    for (let made = 0; made < starts / environments.length; made += perProcess) {
      // Every second one is ended while this thread is too busy to take part.
      const outcome = await runScript(
        `const { openWorkerChannel } = await import(${JSON.stringify(channel)});
         const { setTimeout: sleep } = await import('node:timers/promises');
         const config = { mode: 'on', threshold: { count: 1 }, exitStatus: 1, muted: [], outerRetries: 0, drainTimeoutMs: 0 };
         const setup = { runner: 'jest', rootDir: '/', config, env: { ...process.env }, execArgv: [], startedAt: 0 };
         let worker;
         process.on('worker', (started) => { worker = started; });
         for (let n = 0; n < ${perProcess}; n++) {
           const channel = openWorkerChannel(setup, (error) => { throw error; });
           channel.post({ type: 'failed', id: 'a', test: failed('a').test });
           await new Promise(setImmediate);
           const ms = 60 * (n + Math.random()) / ${perProcess};
           if (n % 2 === 0) blockThread(ms); else await sleep(ms);
           await worker.terminate();
         }
         console.log('alive');`,
        { ...socket.env, BUILDKITE_AGENT_ACCESS_TOKEN: 'token-of-the-job', ...env },
      );
      expect(outcome, outcome.stderr).toMatchObject({ code: 0, signal: null, stdout: 'alive\n' });
    }
    await socket.close();
  });

  it('changes no exit status when the run ends with a flaky test', async () => {
    const socket = await openSocket();
    for (let n = 0; n < starts / 20; n++) {
      const outcome = await runScript(
        `const session = open();
         session.failureLikely();
         ${n % 2 === 0 ? 'blockThread' : 'await new Promise((r) => setTimeout(r, 0)); blockThread'}(${(n % 25) * 1.5});
         ${n % 3 === 0 ? 'process.exit(0);' : ''}`,
        socket.env,
      );
      expect(outcome, outcome.stderr).toMatchObject({ code: 0, signal: null });
    }
    await socket.close();
  });
});
