export type {
  AnswerHeaders,
  RetryPolicy,
  Sleep,
  Verdict,
} from '@promise-failure/core/retrying';
export type {
  BuildId,
  BuildReport,
  BuildStatus,
  FailingJob,
  JobCounts,
  JobPromise,
} from './build/build.ts';
export type { CallOptions } from './build/call-options.ts';
export { parseBuildAddress, parsePipelineAddress, toBuildId } from './build/id.ts';
export type { BranchAddress } from './build/latest.ts';
export type { PastBuild, PastJob } from './build/past-build.ts';
export type { HistoryQuery } from './build/past-page.ts';
export { isFinished } from './build/status.ts';
export type { BuildAuthor, TriggerRequest } from './build/trigger-request.ts';
export {
  type BuildRunner,
  type BuildRunnerOptions,
  type CancelOutcome,
  createBuildRunner,
} from './build-runner.ts';
export type {
  FailedOutsideTests,
  FailedTest,
  JobEvidence,
  RerunCommand,
} from './evidence/job-evidence.ts';
export { createEvidenceReader, type EvidenceReader } from './evidence.ts';
export { type HistoryOptions, readHistory } from './history.ts';
export type { RestOptions } from './rest/client.ts';
export { classifyBuildError, type ErrorClass, isRestError, RestError } from './rest/error.ts';
export type { BuildAddress, PipelineAddress } from './rest/paths.ts';
export { createRateBudget, type RateBudget, type RateBudgetOptions } from './rest/rate-budget.ts';
export { defaultRestPolicy } from './rest/retry.ts';
export type { ReportListener } from './watch/watched-build.ts';
export { createWatcher, type Watcher, type WatcherOptions } from './watch/watcher.ts';
export { type BuildEvent, readEventBridge, readWebhook } from './webhook/event.ts';
export type { ReceivedHeaders } from './webhook/headers.ts';
export { type MountOptions, mountReceiver } from './webhook/node-receiver.ts';
export {
  createReceiver,
  type ReceivedRequest,
  type Receiver,
  type ReceiverOptions,
  type ReceiverVerdict,
} from './webhook/receiver.ts';
export type { Refusal } from './webhook/refusals.ts';
