export type { ConfigProblem } from './config/config.ts';
export type { MutedOption, PromiseFailureOptions } from './config/options.ts';
export { readSettle, type Settle } from './config/settle.ts';
export { createSession } from './session/create-session.ts';
export type { Session, SessionSetup } from './session/session.ts';
export type {
  AttemptReport,
  AttemptStatus,
  DeclareRequest,
  DeclareResult,
  Declarer,
  RunError,
  RunErrorKind,
  RunnerName,
  TestIdentity,
  Verdict,
  WillRunAgain,
} from './vocabulary.ts';
