export { classifyError, classifyStatus } from './classify.ts';
export { type Coalescer, createCoalescer } from './coalesce.ts';
export { type Attempt, type Call, exponential, type RetryPolicy, type RetrySeams, retry } from './retry.ts';
export { type AnswerHeaders, readRetryAfter } from './retry-after.ts';
export { type Sleep, sleep } from './sleep.ts';
export type { Verdict } from './vocabulary.ts';
