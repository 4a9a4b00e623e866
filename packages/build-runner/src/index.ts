export type { BuildId, BuildReport, BuildStatus, FailingJob, JobPromise } from './build.ts';
export { type BuildEvent, readEventBridge, readWebhook } from './build-event.ts';
export { type BuildAddress, parseBuildAddress, toBuildId } from './build-id.ts';
export {
  type BuildRunner,
  type BuildRunnerOptions,
  type CancelOutcome,
  createBuildRunner,
} from './build-runner.ts';
export { isFinished } from './build-status.ts';
export { type MountOptions, mountReceiver } from './node-receiver.ts';
export { createRateBudget, type RateBudget, type RateBudgetOptions } from './rate-budget.ts';
export {
  createReceiver,
  type ReceivedRequest,
  type Receiver,
  type ReceiverOptions,
  type ReceiverVerdict,
} from './receiver.ts';
export type { RestOptions } from './rest-client.ts';
export { classifyBuildError, type ErrorClass, isRestError, RestError } from './rest-error.ts';
export { defaultRestPolicy } from './retry-rest.ts';
export type { TriggerRequest } from './trigger.ts';
export type { ReportListener } from './watched-build.ts';
export { createWatcher, type Watcher, type WatcherOptions } from './watcher.ts';
