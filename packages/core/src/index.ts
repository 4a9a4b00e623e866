export type { ConfigProblem } from './config.ts';
export type { MutedOption, PromiseFailureOptions } from './options.ts';
export { createSession, type Session, type SessionSetup } from './session.ts';
export { readSettle, type Settle } from './settle.ts';
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
