export type { AgentApi } from './agent-api.ts';
export type { Clock } from './clock.ts';
export { isoTime, systemClock } from './clock.ts';
export type { Debounced, Declare, PromiseFailureResponse, UpstreamResult } from './debounce.ts';
export { createDebouncer } from './debounce.ts';
export type { Environment } from './environment.ts';
export { defaultRedactedVars, machineEnvironment, processEnvironment } from './environment.ts';
export type { Answer } from './fault-answer.ts';
export type { FaultServer, FaultServerOptions, Handler, RecordedRequest } from './fault-server.ts';
export { startFaultServer } from './fault-server.ts';
export type { FaultQueue, FaultScript, FaultStage } from './faults.ts';
export { createFaultQueue } from './faults.ts';
export type { JobApi } from './job-api.ts';
export { promiseFailurePath } from './job-api.ts';
export type { JobApiSetup, ServerFaults } from './job-servers.ts';
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
export type {
  AcceptedPromise,
  JobOptions,
  SimulatedJob,
} from './simulated-job.ts';
export type { Simulator, SimulatorOptions } from './simulator.ts';
export { startSimulator } from './simulator.ts';
export { agentWaitsMs } from './upstream.ts';
