export { type Coalescer, createCoalescer } from './delivery/coalesce.ts';
export { classifyError, classifyStatus } from './http/classify.ts';
export {
  type Attempt,
  type Call,
  exponential,
  type RetryPolicy,
  type RetrySeams,
  retry,
} from './http/retry.ts';
export { type AnswerHeaders, readRetryAfter } from './http/retry-after.ts';
export { withinTime } from './http/within-time.ts';
export { type Sleep, sleep } from './sleep.ts';
export type { Verdict } from './vocabulary.ts';
