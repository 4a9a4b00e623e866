export type { AgentApi } from './agent/agent-api.ts';
export type { SimulatorOptions } from './agent/buildkite.ts';
export type { Debounced, Declare, PromiseFailureResponse, UpstreamResult } from './agent/debounce.ts';
export { createDebouncer } from './agent/debounce.ts';
export type { Environment } from './agent/environment.ts';
export { defaultRedactedVars, machineEnvironment, processEnvironment } from './agent/environment.ts';
export type { JobApi } from './agent/job-api.ts';
export { promiseFailurePath } from './agent/job-api.ts';
export type { JobApiSetup, ServerFaults } from './agent/job-servers.ts';
export type {
  AcceptedPromise,
  JobOptions,
  SimulatedJob,
} from './agent/simulated-job.ts';
export type { Simulator } from './agent/simulator.ts';
export { startSimulator } from './agent/simulator.ts';
export { agentWaitsMs } from './agent/upstream.ts';
export type { Clock } from './clock.ts';
export { isoTime, systemClock } from './clock.ts';
export type { Answer } from './faults/fault-answer.ts';
export type { FaultServer, FaultServerOptions, Handler, RecordedRequest } from './faults/fault-server.ts';
export { startFaultServer } from './faults/fault-server.ts';
export type { FaultQueue, FaultScript, FaultStage } from './faults/faults.ts';
export { createFaultQueue } from './faults/faults.ts';
export type { ExitPattern, RetryRule, SoftFail } from './model/exit-rules.ts';
export { anyFailureTwice } from './model/exit-rules.ts';
export type { JobEnd, Model, ModelOptions } from './model/model.ts';
export { createModel } from './model/model.ts';
export { createStep } from './model/records.ts';
export type {
  Build,
  BuildEvent,
  BuildSpec,
  BuildState,
  Job,
  JobEvent,
  JobSpec,
  JobState,
  ModelEvent,
  PromiseEvent,
  PromiseVerdict,
  Step,
  StepSpec,
} from './model/types.ts';
export { isHard, isOver } from './model/verdicts.ts';
