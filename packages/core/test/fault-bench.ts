import {
  type JobOptions,
  type SimulatedJob,
  type SimulatorOptions,
  startSimulator,
} from '@promise-failure/simulator';
import { createDeclarers, type DeclarersSeams } from '../src/declarers/declarers.ts';
import { defaultRetryPolicy } from '../src/http/retry.ts';
import type { DeclareResult, DeclarerName } from '../src/vocabulary.ts';

/** How a declaration ends: who answered, and what. */
export interface Ending {
  readonly by: DeclarerName;
  readonly result: 'accepted' | 'terminal' | 'transient' | 'unknown';
  readonly status?: number;
  /** Requests that reached the Job API and the Agent API (the agent's own and its command's among them). */
  readonly jobApi: number;
  readonly agentApi: number;
  /** Exit statuses that Buildkite has recorded. */
  readonly promised: readonly number[];
}

/** One row: what is wrong, and how the declaration ends all the same. */
export interface FaultRow {
  readonly name: string;
  readonly job?: JobOptions;
  readonly simulator?: SimulatorOptions;
  /** Variables that differ from what the agent gives. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Done to the job before the declaration; may give further variables. */
  readonly prepare?: (job: SimulatedJob) => Promise<Record<string, string>>;
  readonly ends: Ending;
  /** Waits asked for between calls to the Agent API, in milliseconds; the first of them. */
  readonly waits?: readonly number[];
}

/** Short, so that a hanging server costs little, and far above what an answer takes on a busy machine. */
export const bench = { patienceMs: 1500, silenceMs: 20_000, timeoutMs: 1500, calls: 4 };

/** Plays a row on real sockets. */
export async function play(row: FaultRow) {
  const simulator = await startSimulator({
    upstreamWaitsMs: [5, 5],
    upstreamTimeoutMs: 1000,
    ...row.simulator,
  });
  try {
    const job = await simulator.createJob(row.job);
    const prepared = await row.prepare?.(job);
    const waits: number[] = [];
    const seams: DeclarersSeams = {
      jobApi: { patienceMs: bench.patienceMs, silenceMs: bench.silenceMs },
      agentApi: {
        policy: { ...defaultRetryPolicy, calls: bench.calls, jitter: 0 },
        timeoutMs: bench.timeoutMs,
        sleep: async (ms) => void waits.push(ms),
      },
    };
    const env = { PATH: process.env.PATH, ...job.env, ...row.env, ...prepared };
    const startedAt = performance.now();
    const { result, by } = await createDeclarers(env, seams)(
      { exitStatus: 1, reason: 'test_failure (1 failed after retries)' },
      new AbortController().signal,
    );
    return { ends: describe(job, result, by), waits, ms: performance.now() - startedAt, result, job };
  } finally {
    await simulator.close();
  }
}

function describe(job: SimulatedJob, result: DeclareResult, by: DeclarerName): Ending {
  return {
    by,
    result: result.accepted ? 'accepted' : result.verdict,
    ...(result.upstreamStatus !== undefined && { status: result.upstreamStatus }),
    jobApi: job.jobApi?.requests.length ?? 0,
    agentApi: job.agentApi.requests.length,
    promised: job.promises.map(({ exitStatus }) => exitStatus),
  };
}
