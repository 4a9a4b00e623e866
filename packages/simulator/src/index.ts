export type { SimulatorOptions } from './agent/buildkite.ts';
export type { JobApiSetup } from './agent/job-servers.ts';
export type {
  AcceptedPromise,
  JobOptions,
  SimulatedJob,
} from './agent/simulated-job.ts';
export type { Simulator } from './agent/simulator.ts';
export { startSimulator } from './agent/simulator.ts';
export { systemClock } from './clock.ts';
export type { RecordedRequest } from './faults/fault-server.ts';
export type { FaultScript } from './faults/faults.ts';
export type { Model } from './model/model.ts';
export { createModel } from './model/model.ts';
export { createStep } from './model/records.ts';
export type { Job } from './model/types.ts';
