import {
  type JobOptions,
  type SimulatedJob,
  type SimulatorOptions,
  startSimulator,
} from '@promise-failure/simulator';

/** How the job's agent and Buildkite behave; left out, they accept the promise. */
export interface Agent extends Pick<JobOptions, 'jobApi' | 'agentApi'> {
  readonly simulator?: SimulatorOptions | undefined;
  /** Done to the job before its process starts; gives further variables. */
  readonly prepare?: ((job: SimulatedJob) => Promise<Record<string, string>>) | undefined;
}

/** Nothing listens any more, only the variables are left. */
export const gone: Agent = {
  jobApi: { faults: [{ kill: 'connect' }], repeatLast: true },
  agentApi: { faults: [{ kill: 'connect' }], repeatLast: true },
};

/** Every call is read, and none is answered. */
export const hanging: Agent = {
  jobApi: { faults: [{ hang: 'request' }], repeatLast: true },
  agentApi: { faults: [{ hang: 'request' }], repeatLast: true },
};

/** The Job API itself answers with this status. */
export function answering(status: number, body = '{"error":"no"}'): Agent {
  return { jobApi: { faults: [{ status, body }], repeatLast: true } };
}

/** Buildkite refuses the promise with this status, after `delayMs`. */
export function refusing(status: number, delayMs = 0): Agent {
  return { agentApi: { faults: [{ status, delayMs }], repeatLast: true } };
}

/** Opens a running job of a simulated build; `onPromise` is called when Buildkite takes the promise. */
export async function openJob(
  onPromise: () => void,
  { simulator: options, prepare, ...agent }: Agent = {},
): Promise<SimulatedJob> {
  const simulator = await startSimulator({ upstreamWaitsMs: [50, 50], ...options });
  simulator.model.subscribe((event) => {
    if (event.type === 'job.promised_exit_status') onPromise();
  });
  const job = await simulator.createJob(agent);
  const prepared = await prepare?.(job);
  return {
    ...job,
    processEnv: (machine) => ({ ...job.processEnv(machine), ...prepared }),
    close: () => simulator.close(),
  };
}
