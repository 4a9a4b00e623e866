export type { BuildId, BuildReport, BuildStatus, FailingJob, JobPromise } from './build/build.ts';
export { parseBuildAddress, toBuildId } from './build/id.ts';
export { isFinished } from './build/status.ts';
export type { TriggerRequest } from './build/trigger.ts';
export {
  type BuildRunner,
  type BuildRunnerOptions,
  type CancelOutcome,
  createBuildRunner,
} from './build-runner.ts';
export type { RestOptions } from './rest/client.ts';
export { classifyBuildError, type ErrorClass, isRestError, RestError } from './rest/error.ts';
export type { BuildAddress } from './rest/paths.ts';
export { createRateBudget, type RateBudget, type RateBudgetOptions } from './rest/rate-budget.ts';
export { defaultRestPolicy } from './rest/retry.ts';
export type { ReportListener } from './watch/watched-build.ts';
export { createWatcher, type Watcher, type WatcherOptions } from './watch/watcher.ts';
export { type BuildEvent, readEventBridge, readWebhook } from './webhook/event.ts';
export { type MountOptions, mountReceiver } from './webhook/node-receiver.ts';
export {
  createReceiver,
  type ReceivedRequest,
  type Receiver,
  type ReceiverOptions,
  type ReceiverVerdict,
} from './webhook/receiver.ts';
