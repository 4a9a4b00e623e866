import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { runAgentCommand } from './agent-command.ts';
import type { SimulatorOptions } from './buildkite.ts';
import { promiseFailurePath } from './job-api.ts';
import type { JobOptions, SimulatedJob } from './simulated-job.ts';
import { type Simulator, startSimulator } from './simulator.ts';

let open: Simulator[] = [];
afterEach(async () => {
  await Promise.all(open.map((simulator) => simulator.close()));
  open = [];
});

async function runningJob(job: JobOptions = {}, options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ upstreamWaitsMs: [1, 1], ...options });
  open.push(simulator);
  return { simulator, job: await simulator.createJob(job) };
}

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function call({ jobApi }: SimulatedJob, { method = 'POST', path = promiseFailurePath, headers, body }: Call) {
  return new Promise<{ status: number | undefined; allow: string | undefined; type: string; text: string }>(
    (resolve, reject) => {
      const authorization = `Bearer ${jobApi?.token}`;
      const options = { socketPath: jobApi?.socketPath, method, path, headers: headers ?? { authorization } };
      const sent = request(options, async (response) => {
        let text = '';
        try {
          for await (const chunk of response) text += chunk;
        } catch (error) {
          reject(error);
        }
        const type = String(response.headers['content-type']);
        resolve({ status: response.statusCode, allow: response.headers.allow, type, text });
      });
      sent.on('error', reject).end(body);
    },
  );
}

const declare = async (job: SimulatedJob, exitStatus: number, reason?: string) =>
  JSON.parse((await call(job, { body: JSON.stringify({ exit_status: exitStatus, reason }) })).text);

test('a promise through the Job API reaches the build over the Agent API', async () => {
  const { job, simulator } = await runningJob({ key: 'test' });
  const verdict = await declare(job, 1, 'test_failure (1 failed)');
  expect(verdict).toEqual({ outcome: 'declared', accepted: true, upstream_status: 204 });
  expect(job.promises).toMatchObject([{ exitStatus: 1, reason: 'test_failure (1 failed)' }]);
  expect(job.agentApi.requests).toMatchObject([
    {
      method: 'PUT',
      path: `/v3/jobs/${job.job.id}/promise_failure`,
      headers: { authorization: `Token ${job.env.BUILDKITE_AGENT_ACCESS_TOKEN}` },
      body: '{"exit_status":1,"reason":"test_failure (1 failed)"}\n',
    },
  ]);
  expect(simulator.build.state).toBe('failing');
});

test('50 callers of one status share one call upstream, and the first reason wins', async () => {
  const { job } = await runningJob({ agentApi: { faults: [{ delayMs: 50 }] } });
  const verdicts = await Promise.all(Array.from({ length: 50 }, (_, n) => declare(job, 1, `caller ${n}`)));
  expect(verdicts.filter(({ outcome }) => outcome === 'declared')).toHaveLength(1);
  expect(verdicts.every(({ accepted }) => accepted)).toBe(true);
  expect(job.agentApi.requests).toHaveLength(1);
});

test('the environment holds what the agent gives, and nothing of this machine', async () => {
  const { job, simulator } = await runningJob({
    key: 'e2e',
    parallel: { index: 1, total: 4 },
    retryCount: 2,
  });
  expect(job.env).toMatchObject({
    BUILDKITE: 'true',
    BUILDKITE_JOB_ID: job.job.id,
    BUILDKITE_BUILD_ID: simulator.build.id,
    BUILDKITE_STEP_KEY: 'e2e',
    BUILDKITE_PARALLEL_JOB: '1',
    BUILDKITE_PARALLEL_JOB_COUNT: '4',
    BUILDKITE_RETRY_COUNT: '2',
  });
  expect(job.env).not.toHaveProperty('PATH');
  const env = job.processEnv({
    PATH: '/usr/bin',
    BUILDKITE_JOB_ID: 'outer',
    PROMISE_FAILURE: 'true',
    LANG: 'C',
  });
  expect(env).toMatchObject({ LANG: 'C', BUILDKITE_JOB_ID: job.job.id });
  expect(env).not.toHaveProperty('PROMISE_FAILURE');
  expect(env.PATH).toMatch(/^\/usr\/bin:.+agent$/);
  expect(Buffer.byteLength(job.env.BUILDKITE_AGENT_JOB_API_SOCKET ?? '')).toBeLessThan(104);
});

test('a job without the Job API has no variables of it', async () => {
  const { job } = await runningJob({ jobApi: false });
  expect(Object.keys(job.env).filter((name) => name.includes('JOB_API'))).toEqual([]);
});

const jobApiRefusals: [name: string, request: Call, status: number, body: string | RegExp][] = [
  ['no header', { headers: {} }, 401, '{"error":"authorization header is required"}\n'],
  [
    'no space',
    { headers: { authorization: 'Bearer' } },
    401,
    '{"error":"invalid authorization header: must be in the form `Bearer <token>`"}\n',
  ],
  [
    'another scheme',
    { headers: { authorization: 'bearer x' } },
    401,
    '{"error":"invalid authorization header: type must be Bearer"}\n',
  ],
  [
    'wrong token',
    { headers: { authorization: 'Bearer x' } },
    401,
    '{"error":"invalid authorization token"}\n',
  ],
  ['401 before 404', { headers: {}, path: '/nowhere' }, 401, /required/],
  ['unknown route', { path: '/nowhere' }, 404, '404 page not found\n'],
  ['trailing slash', { path: `${promiseFailurePath}/` }, 404, '404 page not found\n'],
  ['wrong method', { method: 'PUT' }, 405, ''],
  ['empty body', { body: '' }, 400, /failed to decode request body: /],
  ['a string', { body: '{"exit_status":"1"}' }, 400, /failed to decode/],
  ['a fraction', { body: '{"exit_status":1.0}' }, 400, /failed to decode/],
  ['zero', { body: '{"exit_status":0}' }, 400, '{"error":"exit_status must be a positive integer"}\n'],
  ['null', { body: 'null' }, 400, '{"error":"exit_status must be a positive integer"}\n'],
];

test.each(jobApiRefusals)('the Job API refuses: %s', async (_name, request, status, body) => {
  const { job } = await runningJob();
  const answer = await call(job, request);
  expect(answer.status).toBe(status);
  expect(answer.text).toMatch(body);
  expect(answer.allow).toBe(status === 405 ? 'POST' : undefined);
  expect(answer.type).toBe(status === 404 ? 'text/plain; charset=utf-8' : 'application/json');
  expect(job.agentApi.requests).toEqual([]);
});

test('an agent without a coordinator answers 500, an old one 404', async () => {
  const { job } = await runningJob({ jobApi: { configured: false } });
  expect(await call(job, { body: '{"exit_status":1}' })).toMatchObject({
    status: 500,
    text: '{"error":"promise-failure coordinator is not configured"}\n',
  });
  const { job: old } = await runningJob({ jobApi: { knowsRoute: false } });
  expect(await call(old, { body: '{"exit_status":1}' })).toMatchObject({ status: 404 });
});

function put(job: SimulatedJob, { token, id, body }: { token?: string; id?: string; body?: string }) {
  const bearer = token ?? job.env.BUILDKITE_AGENT_ACCESS_TOKEN;
  return fetch(`${job.agentApi.endpoint}/jobs/${id ?? job.job.id}/promise_failure`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Token ${bearer}` },
    body: body ?? '{"exit_status":1}',
  });
}

test('the Agent API answers by rule', async () => {
  const { job } = await runningJob();
  const statusOf = async (options: Parameters<typeof put>[1]) => (await put(job, options)).status;
  expect(await statusOf({ token: 'nobody' })).toBe(401);
  expect(await statusOf({ token: job.sessionToken })).toBe(403);
  expect(await statusOf({ id: 'another-job' })).toBe(403);
  for (const body of ['', '[]', '{"exit_status":0}', '{"exit_status":256}', '{"exit_status":"1"}']) {
    expect(await statusOf({ body }), body).toBe(400);
  }
  expect(await statusOf({})).toBe(204);
  expect(await statusOf({})).toBe(204);
  expect(await statusOf({ body: '{"exit_status":2}' })).toBe(409);
  job.finish(1);
  expect(await statusOf({})).toBe(422);
  const { job: disabled } = await runningJob({}, { promisesEnabled: false });
  expect((await put(disabled, {})).status).toBe(404);
});

test('transient answers upstream are retried on the schedule, terminal ones are not', async () => {
  const { job } = await runningJob({ agentApi: { faults: [{ status: 503 }, { reset: 'request' }] } });
  expect(await declare(job, 1)).toMatchObject({ accepted: true });
  expect(job.agentApi.requests).toHaveLength(3);
  const { job: refused } = await runningJob({
    agentApi: { faults: [{ status: 404, body: '{"message":"no"}' }] },
  });
  expect(await declare(refused, 1)).toMatchObject({ accepted: false, upstream_status: 404 });
  expect(await declare(refused, 1)).toMatchObject({ outcome: 'debounced', accepted: false });
  expect(refused.agentApi.requests).toHaveLength(1);
});

const agentCommandRows: [
  name: string,
  job: JobOptions,
  argv: string[],
  exit: number,
  calls: [number, number],
][] = [
  ['declares through the Job API', {}, ['1', '--reason', 'x'], 0, [1, 1]],
  ['goes to the Agent API without a Job API', { jobApi: false }, ['1'], 0, [0, 1]],
  ['goes to the Agent API when the route is missing', { jobApi: { knowsRoute: false } }, ['1'], 0, [1, 1]],
  ['takes a refusal as it is', { agentApi: { faults: [{ status: 409 }] } }, ['1'], 1, [1, 1]],
  ['refuses status 0', {}, ['0'], 1, [0, 0]],
  ['refuses a missing status', {}, [], 1, [0, 0]],
];

test.each(agentCommandRows)('the command %s', async (_name, options, argv, exit, calls) => {
  const { job } = await runningJob(options);
  const lines: string[] = [];
  const status = await runAgentCommand(['job', 'promise-failure', ...argv], job.env, (line) =>
    lines.push(line),
  );
  expect(status, lines.join('\n')).toBe(exit);
  expect([job.jobApi?.requests.length ?? 0, job.agentApi.requests.length]).toEqual(calls);
  expect(lines.some((line) => line.startsWith('buildkite-agent: fatal: '))).toBe(exit === 1);
});

test('the command redacts the reason', async () => {
  const { job } = await runningJob();
  const env = { ...job.env, DEPLOY_TOKEN: 'hunter22' };
  await runAgentCommand(['job', 'promise-failure', '1', '--reason', 'with hunter22 in it'], env, () => {});
  expect(job.promises).toMatchObject([{ reason: 'with [REDACTED] in it' }]);
});

test("the server's headers come back with every request, those of Buildkite alone", async () => {
  const { job } = await runningJob({ requestHeaders: { 'Buildkite-Shard': 'a', 'X-Other': 'b' } });
  expect(job.env.BUILDKITE_REQUEST_HEADER_BUILDKITE_SHARD).toBe('a');
  await declare(job, 1);
  await runAgentCommand(
    ['job', 'promise-failure', '2'],
    { ...job.env, BUILDKITE_AGENT_JOB_API_SOCKET: '' },
    () => {},
  );
  expect(job.agentApi.requests.map(({ headers }) => headers['buildkite-shard'])).toEqual(['a', 'a']);
  expect(job.agentApi.requests.some(({ headers }) => 'x-other' in headers)).toBe(false);
});
