import { renameSync, writeFileSync } from 'node:fs';
import type { FaultScript, JobApiSetup } from '@promise-failure/simulator';
import type { Ending, FaultRow } from './fault-bench.ts';

const declared = (over: Partial<Ending> = {}): Ending => ({
  ...{ by: 'Job API', result: 'accepted', status: 204, jobApi: 1, agentApi: 1, promised: [1] },
  ...over,
});
const handedOver = (jobApi: number, agentApi = 1): Ending => declared({ by: 'Agent API', jobApi, agentApi });
const refused = (status: number, agentApi = 1): Ending =>
  declared({ result: 'terminal', status, agentApi, promised: [] });

const once = (fault: FaultScript): JobApiSetup => ({ faults: [fault] });
const always = (fault: FaultScript): JobApiSetup => ({ faults: [fault], repeatLast: true });
const upstream = (...faults: readonly FaultScript[]) => ({ agentApi: { faults, repeatLast: true } });
const json = (body: string): FaultScript => ({ body, headers: { 'content-type': 'application/json' } });
const html: FaultScript = {
  status: 200,
  body: '<html>Sign in</html>',
  headers: { 'content-type': 'text/html' },
};

/** The Job API is not there, or is not what it should be. */
export const absentJobApi: readonly FaultRow[] = [
  { name: 'nothing is wrong', ends: declared() },
  { name: 'the agent offers none', job: { jobApi: false }, ends: handedOver(0) },
  { name: 'its socket is not named', env: { BUILDKITE_AGENT_JOB_API_SOCKET: '' }, ends: handedOver(0) },
  {
    name: 'its token is not passed on',
    env: { BUILDKITE_AGENT_JOB_API_TOKEN: undefined },
    ends: handedOver(0),
  },
  { name: 'its token is wrong', env: { BUILDKITE_AGENT_JOB_API_TOKEN: 'wrong' }, ends: handedOver(1) },
  { name: 'its token is no header', env: { BUILDKITE_AGENT_JOB_API_TOKEN: 'a\nb' }, ends: handedOver(0) },
  {
    name: 'its socket is gone',
    prepare: async (job) => {
      job.jobApi?.removeSocket();
      return {};
    },
    ends: handedOver(0),
  },
  {
    name: 'nobody listens on its socket',
    prepare: async ({ jobApi }) => {
      const stale = `${jobApi?.socketPath}.stale`;
      renameSync(jobApi?.socketPath ?? '', stale);
      await jobApi?.close();
      return { BUILDKITE_AGENT_JOB_API_SOCKET: stale };
    },
    ends: handedOver(0),
  },
  {
    name: 'its socket is an ordinary file',
    prepare: async ({ jobApi }) => {
      writeFileSync(`${jobApi?.socketPath}.txt`, '');
      return { BUILDKITE_AGENT_JOB_API_SOCKET: `${jobApi?.socketPath}.txt` };
    },
    ends: handedOver(0),
  },
  {
    name: 'its path is too long',
    env: { BUILDKITE_AGENT_JOB_API_SOCKET: `/${'x'.repeat(200)}` },
    ends: handedOver(0),
  },
  { name: 'the agent is too old', job: { jobApi: { knowsRoute: false } }, ends: handedOver(1) },
  { name: 'the agent has no coordinator', job: { jobApi: { configured: false } }, ends: handedOver(1) },
];

/** The Job API answers something else than a verdict. */
export const oddJobApi: readonly FaultRow[] = [
  ...[301, 400, 403, 404, 405, 429, 500, 502, 503].map((status) => ({
    name: `it answers ${status} without a body`,
    job: { jobApi: always({ status }) },
    ends: handedOver(1),
  })),
  { name: 'it answers 204', job: { jobApi: always({ status: 204 }) }, ends: handedOver(1) },
  { name: 'it answers HTML', job: { jobApi: always(html) }, ends: handedOver(2) },
  { name: 'it answers nothing with 200', job: { jobApi: always({ status: 200 }) }, ends: handedOver(2) },
  { name: 'it answers null', job: { jobApi: always(json('null')) }, ends: handedOver(2) },
  {
    name: 'it answers a verdict without an outcome',
    job: { jobApi: always(json('{"accepted":true}')) },
    ends: handedOver(2),
  },
  {
    name: 'it answers a verdict in the wrong type',
    job: { jobApi: always(json('{"accepted":"yes","outcome":"declared"}')) },
    ends: handedOver(2),
  },
  { name: 'it answers garbage once', job: { jobApi: once(json('{"acc')) }, ends: declared({ jobApi: 2 }) },
  {
    name: 'it answers 10 MB',
    job: { jobApi: always(json(`{"accepted":true,"outcome":"declared"${' '.repeat(10_000_000)}}`)) },
    ends: handedOver(2),
  },
];

/** The connection to the Job API does not hold. */
export const brokenJobApi: readonly FaultRow[] = [
  { name: 'it resets one connection', job: { jobApi: once({ reset: 'connect' }) }, ends: declared() },
  { name: 'it resets every connection', job: { jobApi: always({ reset: 'connect' }) }, ends: handedOver(0) },
  {
    name: 'it resets before it has declared',
    job: { jobApi: once({ reset: 'request' }) },
    ends: declared({ jobApi: 2 }),
  },
  {
    name: 'it resets after it has declared',
    job: { jobApi: once({ reset: 'request', handled: true }) },
    ends: declared({ jobApi: 2 }),
  },
  {
    name: 'it resets after the headers',
    job: { jobApi: once({ reset: 'headers' }) },
    ends: declared({ jobApi: 2 }),
  },
  {
    name: 'it resets in the middle of the body',
    job: { jobApi: once({ reset: 'body' }) },
    ends: declared({ jobApi: 2 }),
  },
  {
    name: 'it always resets in the body',
    job: { jobApi: always({ reset: 'body' }) },
    ends: handedOver(2, 2),
  },
  {
    name: 'it cuts the body off once',
    job: { jobApi: once({ truncate: true }) },
    ends: declared({ jobApi: 2 }),
  },
  {
    name: 'it always cuts the body off',
    job: { jobApi: always({ truncate: true }) },
    ends: handedOver(2, 2),
  },
  { name: 'it hangs when connected', job: { jobApi: always({ hang: 'connect' }) }, ends: handedOver(0) },
  { name: 'it hangs before it declares', job: { jobApi: always({ hang: 'request' }) }, ends: handedOver(1) },
  {
    name: 'it hangs after it has declared',
    job: { jobApi: always({ hang: 'request', handled: true }) },
    ends: handedOver(1, 2),
  },
  {
    name: 'it hangs after the headers',
    job: { jobApi: always({ hang: 'headers' }) },
    ends: handedOver(1, 2),
  },
  {
    name: 'it hangs in the middle of the body',
    job: { jobApi: always({ hang: 'body' }) },
    ends: handedOver(1, 2),
  },
  { name: 'its answer is slow', job: { jobApi: once({ delayMs: 150 }) }, ends: declared() },
  {
    name: 'its answer is slower than its patience',
    job: { jobApi: once({ delayMs: 6000 }) },
    ends: handedOver(1, 2),
  },
  {
    name: 'its socket is removed in the middle',
    job: { jobApi: once({ removeSocket: true }) },
    ends: declared(),
  },
  {
    name: 'the agent is killed before it declares',
    job: { jobApi: once({ kill: 'request' }) },
    ends: handedOver(1),
  },
  {
    name: 'the agent is killed after it has declared',
    job: { jobApi: once({ kill: 'request', handled: true }) },
    ends: handedOver(1, 2),
  },
  {
    name: 'the agent is killed while it answers',
    job: { jobApi: once({ kill: 'body' }) },
    ends: handedOver(1, 2),
  },
];

/** The Job API works, and Buildkite is behind it. */
export const verdictsOfJobApi: readonly FaultRow[] = [
  ...[400, 401, 403, 404, 409, 418, 422].map((status) => ({
    name: `Buildkite answers ${status}`,
    job: upstream({ status, body: '{"message":"no"}' }),
    ends: refused(status),
  })),
  {
    name: 'Buildkite answers 503 once',
    job: { agentApi: { faults: [{ status: 503 }] } },
    ends: declared({ agentApi: 2 }),
  },
  {
    name: 'Buildkite answers 503 for ever',
    job: upstream({ status: 503 }),
    ends: declared({ result: 'transient', status: 503, agentApi: 3, promised: [] }),
  },
  {
    name: 'Buildkite answers 429 for ever',
    job: upstream({ status: 429 }),
    ends: declared({ result: 'transient', status: 429, agentApi: 3, promised: [] }),
  },
  {
    name: 'the agent panics',
    job: { jobApi: { declare: () => Promise.reject(new Error('nil map')) } },
    ends: declared({ result: 'transient', status: 500, agentApi: 0, promised: [] }),
  },
];
