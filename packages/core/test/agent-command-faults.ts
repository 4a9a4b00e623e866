import type { FaultScript, JobOptions } from '@promise-failure/simulator';
import { bench, type Ending, type FaultRow } from './fault-bench.ts';

/** Keeps our own client away from the Agent API and lets the command through. */
const page: FaultScript = { status: 200, body: '<html>Sign in</html>' };
const calls = bench.calls;

const afterPages = (...faults: readonly FaultScript[]): JobOptions => ({
  jobApi: false,
  agentApi: {
    faults: [...Array.from({ length: calls }, () => page), ...faults],
    repeatLast: faults.length > 0,
  },
});

const declared = (agentApi: number, over: Partial<Ending> = {}): Ending => ({
  ...{ by: 'buildkite-agent', result: 'accepted', jobApi: 0, agentApi, promised: [1] },
  ...over,
});
const refused = (result: Ending['result'], agentApi: number, status?: number): Ending => ({
  ...{ by: 'buildkite-agent', result, jobApi: 0, agentApi, promised: [] },
  ...(status !== undefined && { status }),
});

/** Neither the Job API nor the Agent API serves our own client; the command is tried. */
export const agentCommand: readonly FaultRow[] = [
  { name: 'nothing else is wrong', job: afterPages(), ends: declared(calls + 1) },
  {
    name: 'the endpoint serves the command alone',
    job: { jobApi: { faults: [{ reset: 'connect' }, { reset: 'connect' }] } },
    env: { BUILDKITE_AGENT_ENDPOINT: '' },
    ends: declared(1, { jobApi: 1 }),
  },
  ...[400, 401, 403, 404, 409, 422].map((status) => ({
    name: `Buildkite answers it ${status}`,
    job: afterPages({ status, body: '{"message":"no"}' }),
    ends: refused('terminal', calls + 1, status),
  })),
  {
    name: 'Buildkite answers it 503 for ever',
    job: afterPages({ status: 503 }),
    ends: refused('transient', calls + 3, 503),
  },
  { name: 'Buildkite answers it 503 once', job: afterPages({ status: 503 }, {}), ends: declared(calls + 2) },
  {
    name: 'its connection breaks for ever',
    job: afterPages({ reset: 'request' }),
    ends: refused('unknown', calls + 3),
  },
];
