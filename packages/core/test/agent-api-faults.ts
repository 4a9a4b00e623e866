import type { FaultScript, JobOptions } from '@promise-failure/simulator';
import type { Ending, FaultRow } from './fault-bench.ts';
import { untrustedEndpoint } from './untrusted-endpoint.ts';

const declared = (agentApi = 1, over: Partial<Ending> = {}): Ending => ({
  ...{ by: 'Agent API', result: 'accepted', status: 204, jobApi: 0, agentApi, promised: [1] },
  ...over,
});
const refused = (status: number, result: Ending['result'] = 'terminal', agentApi = 1): Ending => ({
  ...{ by: 'Agent API', result, status, jobApi: 0, agentApi, promised: [] },
});
/** The last one that was asked; there is no command in these rows. */
const nobody = (agentApi: number, promised: readonly number[] = []): Ending => ({
  ...{ by: 'buildkite-agent', result: 'unknown', jobApi: 0, agentApi, promised },
});

const faulty = (...faults: readonly FaultScript[]): JobOptions => ({ jobApi: false, agentApi: { faults } });
const always = (fault: FaultScript): JobOptions => ({
  ...{ jobApi: false, agentApi: { faults: [fault], repeatLast: true } },
});
const html: FaultScript = {
  status: 200,
  body: '<html>Sign in</html>',
  headers: { 'content-type': 'text/html' },
};
const withBody: FaultScript = { status: 200, body: '{"message":"promised"}' };
const limited = (headers: Readonly<Record<string, string>>) => faulty({ status: 429, headers });

const plainRows: readonly FaultRow[] = [
  { name: 'nothing else is wrong', ends: declared() },
  {
    name: 'its endpoint ends with slashes',
    prepare: async ({ env }) => ({ BUILDKITE_AGENT_ENDPOINT: `${env.BUILDKITE_AGENT_ENDPOINT}//` }),
    ends: declared(),
  },
  { name: 'its endpoint is not named', env: { BUILDKITE_AGENT_ENDPOINT: undefined }, ends: nobody(0) },
  {
    name: 'its endpoint is no URL',
    env: { BUILDKITE_AGENT_ENDPOINT: 'agent.buildkite.com/v3' },
    ends: nobody(0),
  },
  { name: 'the token is not passed on', env: { BUILDKITE_AGENT_ACCESS_TOKEN: '' }, ends: nobody(0) },
  { name: 'the token is wrong', env: { BUILDKITE_AGENT_ACCESS_TOKEN: 'wrong' }, ends: refused(401) },
  {
    name: 'the token is not a job token',
    prepare: async ({ sessionToken }) => ({ BUILDKITE_AGENT_ACCESS_TOKEN: sessionToken }),
    ends: refused(403),
  },
  { name: 'the job is another one', env: { BUILDKITE_JOB_ID: 'another.job' }, ends: refused(403) },
  { name: 'the organization does not have it', simulator: { promisesEnabled: false }, ends: refused(404) },
  {
    name: 'the job is over',
    prepare: async (job) => {
      job.finish(0);
      return {};
    },
    ends: refused(422),
  },
  {
    name: 'its host does not exist',
    env: { BUILDKITE_AGENT_ENDPOINT: 'http://buildkite.invalid/v3' },
    ends: nobody(0),
    waits: [500, 1000, 2000],
  },
  {
    name: 'nobody listens',
    env: { BUILDKITE_AGENT_ENDPOINT: 'http://127.0.0.1:1/v3' },
    ends: nobody(0),
    waits: [500, 1000, 2000],
  },
  {
    name: 'its certificate is not trusted',
    prepare: async () => ({ BUILDKITE_AGENT_ENDPOINT: await untrustedEndpoint() }),
    ends: nobody(0),
    waits: [],
  },
  {
    name: 'it does not speak TLS',
    prepare: async ({ agentApi }) => ({ BUILDKITE_AGENT_ENDPOINT: `https://127.0.0.1:${agentApi.port}/v3` }),
    ends: nobody(0),
    waits: [],
  },
];

const answerRows: readonly FaultRow[] = [
  ...[200, 201, 202].map((status) => ({
    name: `it answers ${status} and JSON`,
    job: faulty({ status, body: '{}', handled: true }),
    ends: declared(1, { status }),
  })),
  {
    name: 'it answers 200 and nothing',
    job: faulty({ status: 200, handled: true }),
    ends: declared(1, { status: 200 }),
  },
  ...[400, 401, 402, 403, 404, 405, 408, 409, 410, 418, 422].map((status) => ({
    name: `it answers ${status}`,
    job: always({ status, body: '{"message":"no"}' }),
    ends: refused(status),
    waits: [],
  })),
  ...[301, 302, 307].map((status) => ({
    name: `it redirects with ${status}`,
    job: always({ status, headers: { location: '/v3/elsewhere' } }),
    ends: refused(status, 'unknown'),
  })),
  ...[500, 501, 502, 503, 504, 599].map((status) => ({
    name: `it answers ${status} once`,
    job: faulty({ status }),
    ends: declared(2),
    waits: [500],
  })),
  {
    name: 'it answers 503 for ever',
    job: always({ status: 503 }),
    ends: refused(503, 'transient', 4),
    waits: [500, 1000, 2000],
  },
  { name: 'it answers HTML once', job: faulty(html), ends: declared(2), waits: [500] },
  { name: 'it answers HTML for ever', job: always(html), ends: nobody(4) },
  { name: 'a proxy forbids it', job: always({ ...html, status: 403 }), ends: nobody(1), waits: [] },
  { name: 'it answers garbage with 200', job: faulty({ status: 200, body: '{"mess' }), ends: declared(2) },
  { name: 'it answers garbage with 422', job: always({ status: 422, body: '{"mess' }), ends: nobody(1) },
  {
    name: 'it answers 10 MB once',
    job: faulty({ status: 200, body: `{${' '.repeat(10_000_000)}}` }),
    ends: declared(2),
  },
  { name: 'it limits the rate', job: limited({}), ends: declared(2), waits: [500] },
  { name: 'it limits the rate for ever', job: always({ status: 429 }), ends: refused(429, 'transient', 4) },
  {
    name: 'it names seconds to wait',
    job: limited({ 'retry-after': '7' }),
    ends: declared(2),
    waits: [7000],
  },
  { name: 'it names no wait at all', job: limited({ 'retry-after': '0' }), ends: declared(2), waits: [0] },
  {
    name: 'it names an hour to wait',
    job: limited({ 'retry-after': '3600' }),
    ends: declared(2),
    waits: [60_000],
  },
  {
    name: 'it names a time that has passed',
    job: limited({ 'retry-after': 'Sat, 01 Aug 2020 12:00:00 GMT' }),
    ends: declared(2),
    waits: [0],
  },
  {
    name: 'it names nonsense to wait for',
    job: limited({ 'retry-after': 'soon' }),
    ends: declared(2),
    waits: [500],
  },
  {
    name: 'it names the reset of its limit',
    job: limited({ 'ratelimit-reset': '9' }),
    ends: declared(2),
    waits: [9000],
  },
  {
    name: 'it is unwell and names a wait',
    job: faulty({ status: 503, headers: { 'retry-after': '3' } }, { status: 503 }),
    ends: declared(3),
    waits: [3000, 1000],
  },
];

const connectionRows: readonly FaultRow[] = [
  { name: 'it resets the first connection', job: faulty({ reset: 'connect' }), ends: declared() },
  {
    name: 'it resets every connection',
    job: always({ reset: 'connect' }),
    ends: nobody(0),
    waits: [500, 1000, 2000],
  },
  { name: 'it resets before it has declared', job: faulty({ reset: 'request' }), ends: declared(2) },
  {
    name: 'it resets after it has declared',
    job: faulty({ reset: 'request', handled: true }),
    ends: declared(2),
  },
  { name: 'it resets after the headers', job: faulty({ ...withBody, reset: 'headers' }), ends: declared(2) },
  {
    name: 'it resets in the middle of the body',
    job: faulty({ ...withBody, reset: 'body' }),
    ends: declared(2),
  },
  { name: 'it cuts the body of a 200 off', job: faulty({ ...withBody, truncate: true }), ends: declared(2) },
  {
    name: 'it cuts the body of a 422 off',
    job: faulty({ ...withBody, status: 422, truncate: true }),
    ends: declared(2),
  },
  { name: 'it always cuts the body off', job: always({ ...withBody, truncate: true }), ends: nobody(4) },
  { name: 'it hangs when connected', job: faulty({ hang: 'connect' }), ends: declared() },
  { name: 'it hangs before it declares', job: faulty({ hang: 'request' }), ends: declared(2) },
  {
    name: 'it hangs after it has declared',
    job: faulty({ hang: 'request', handled: true }),
    ends: declared(2),
  },
  { name: 'it hangs after the headers', job: faulty({ ...withBody, hang: 'headers' }), ends: declared(2) },
  {
    name: 'it hangs in the middle of the body',
    job: faulty({ ...withBody, hang: 'body' }),
    ends: declared(2),
  },
  { name: 'it hangs for ever', job: always({ hang: 'request' }), ends: nobody(4), waits: [500, 1000, 2000] },
  { name: 'its answer is slow', job: faulty({ delayMs: 150 }), ends: declared() },
  { name: 'its server dies before it declares', job: faulty({ kill: 'request' }), ends: nobody(1) },
  {
    name: 'its server dies after it has declared',
    job: faulty({ kill: 'request', handled: true }),
    ends: nobody(1, [1]),
  },
];

const proxyRows: readonly FaultRow[] = [
  {
    name: 'a proxy is named, and the API is on this machine',
    env: { http_proxy: 'http://127.0.0.1:1' },
    ends: declared(),
  },
  {
    name: 'the proxy does not listen',
    env: { HTTP_PROXY: 'http://127.0.0.1:1', BUILDKITE_AGENT_ENDPOINT: 'http://agent.test/v3' },
    ends: nobody(0),
    waits: [500, 1000, 2000],
  },
  {
    name: 'the proxy is no URL',
    env: { HTTP_PROXY: 'not a proxy', BUILDKITE_AGENT_ENDPOINT: 'http://agent.test/v3' },
    ends: nobody(0),
  },
];

const alone = (rows: readonly FaultRow[]): readonly FaultRow[] =>
  rows.map((row) => ({
    ...row,
    job: { jobApi: false, ...row.job },
    env: { BUILDKITE_BIN_PATH: '', ...row.env },
  }));

/** There is no Job API and no command; the Agent API is not there, or not meant for this job. */
export const plainAgentApi = alone([...plainRows, ...proxyRows]);

/** The Agent API answers, for good or ill. */
export const oddAgentApi = alone(answerRows);

/** The connection to the Agent API does not hold. */
export const brokenAgentApi = alone(connectionRows);
