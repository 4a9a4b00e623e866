import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { pathToFileURL } from 'node:url';
import { type Simulator, startSimulator } from '@promise-failure/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeclarers } from '../src/declarers/declarers.ts';
import { createCoordinator } from '../src/delivery/coordinator.ts';

const ever = new AbortController().signal;
const request = { exitStatus: 1, reason: 'test_failure (1 failed after retries)' };

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ upstreamWaitsMs: [5] });
});
afterEach(() => simulator.close());

describe('several declarations', () => {
  it('get each its own answer when the answers come out of order', async () => {
    const job = await simulator.createJob({
      jobApi: {
        declare: async (exitStatus) => {
          await new Promise((resolve) => setTimeout(resolve, exitStatus === 1 ? 200 : 0));
          return exitStatus === 1 ? { status: 204 } : { status: 409, error: 'another one' };
        },
      },
    });
    const coordinator = createCoordinator(createDeclarers(job.env));
    const order: number[] = [];
    const results = await Promise.all(
      [1, 2].map(async (exitStatus) => {
        const { result } = await coordinator.declare({ ...request, exitStatus });
        order.push(exitStatus);
        return result;
      }),
    );
    expect(order).toEqual([2, 1]);
    expect(results).toMatchObject([{ accepted: true }, { accepted: false, upstreamStatus: 409 }]);
  });

  it('of many processes are one call to Buildkite with the Job API', async () => {
    const job = await simulator.createJob();
    const processes = Array.from({ length: 8 }, () => createCoordinator(createDeclarers(job.env)));
    const delivered = await Promise.all(
      processes.flatMap((each) => Array.from({ length: 100 }, () => each.declare(request))),
    );
    expect(delivered.every(({ result }) => result.accepted)).toBe(true);
    expect(job.jobApi?.requests.length).toBe(8);
    expect(job.agentApi.requests.length).toBe(1);
  });

  it('of many processes are one call for each of them without the Job API', async () => {
    const job = await simulator.createJob({ jobApi: false });
    const processes = Array.from({ length: 4 }, () => createCoordinator(createDeclarers(job.env)));
    await Promise.all(processes.flatMap((each) => Array.from({ length: 100 }, () => each.declare(request))));
    expect(job.agentApi.requests.length).toBe(4);
    expect(job.promises.length).toBe(1);
  });

  it('find the Job API again once it has recovered', async () => {
    const job = await simulator.createJob({ jobApi: { faults: [{ status: 503 }] } });
    const declare = createDeclarers(job.env);
    expect((await declare(request, ever)).by).toBe('Agent API');
    expect((await declare(request, ever)).by).toBe('Job API');
  });
});

describe('a request to the Agent API', () => {
  it('carries what the agent would send, the same each time, and its number', async () => {
    const job = await simulator.createJob({
      jobApi: false,
      agentApi: { faults: [{ status: 503 }, { status: 503 }] },
      requestHeaders: { 'Buildkite-Shard': 'seven', 'X-Other': 'no' },
    });
    await createDeclarers(job.env, { agentApi: { sleep: async () => {} } })(request, ever);
    const { requests } = job.agentApi;
    expect(requests.map(({ headers }) => headers['x-attempt'])).toEqual(['1', '2', '3']);
    expect(new Set(requests.map(({ headers }) => headers['x-request-id'])).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body))).toEqual(
      new Set(['{"exit_status":1,"reason":"test_failure (1 failed after retries)"}']),
    );
    expect(requests[0]).toMatchObject({
      method: 'PUT',
      headers: {
        authorization: `Token ${job.env.BUILDKITE_AGENT_ACCESS_TOKEN}`,
        'content-type': 'application/json',
        'buildkite-shard': 'seven',
      },
    });
    expect(requests[0]?.headers['x-other']).toBeUndefined();
  });

  it('goes through the proxy that the environment names', async () => {
    const job = await simulator.createJob({ jobApi: false });
    const targets: (string | undefined)[] = [];
    const proxy = createServer().on('connect', ({ url }, client) => {
      targets.push(url);
      const upstream = connect(job.agentApi.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      client.on('error', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = proxy.address() as AddressInfo;
      const env = {
        ...job.env,
        BUILDKITE_AGENT_ENDPOINT: 'http://agent.test/v3',
        HTTP_PROXY: `127.0.0.1:${port}`,
      };
      expect(await createDeclarers(env)(request, ever)).toMatchObject({
        by: 'Agent API',
        result: { accepted: true },
      });
      expect(targets).toEqual(['agent.test:80']);
    } finally {
      proxy.close();
    }
  });
});

describe('a process that has nothing else to do', () => {
  const source = (file: string) => pathToFileURL(new URL(`../dist/${file}`, import.meta.url).pathname).href;

  /** Declares with the built package in a process of its own; gives its output and how long it lived afterwards. */
  function declareInProcess(
    env: Readonly<Record<string, string>>,
  ): Promise<{ said: string; afterMs: number }> {
    const script = `
      const { createDeclarers } = await import(${JSON.stringify(source('declarers/declarers.js'))});
      const declare = createDeclarers(process.env);
      const { by } = await declare({ exitStatus: 1, reason: 'r' }, new AbortController().signal);
      console.log(by);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 40_000,
      killSignal: 'SIGKILL',
    });
    return new Promise((resolve) => {
      let said = '';
      let saidAt = Number.NaN;
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        saidAt = performance.now();
      });
      child.on('close', () => resolve({ said: said.trim(), afterMs: performance.now() - saidAt }));
    });
  }

  it.each([
    ['Job API', {}],
    ['Agent API', { jobApi: false }],
  ] as const)('ends at once when it has declared by the %s', async (by, options) => {
    const job = await simulator.createJob(options);
    const { said, afterMs } = await declareInProcess(job.env);
    expect(said).toBe(by);
    expect(afterMs).toBeLessThan(10_000);
  });
});
