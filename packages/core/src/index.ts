export type { MutedOption, PromiseFailureOptions, Settle } from './config/options.ts';
export { readSettle } from './config/settle.ts';
export { createSession } from './session/create-session.ts';
export type { Session, SessionSetup } from './session/session.ts';
export { messageInStack, type Place, placeInStack } from './stack-place.ts';
export type {
  AttemptReport,
  AttemptStatus,
  DeclareRequest,
  DeclareResult,
  Declarer,
  FailureDetail,
  RunError,
  RunErrorKind,
  RunnerName,
  TestIdentity,
  Verdict,
  WillRunAgain,
} from './vocabulary.ts';
