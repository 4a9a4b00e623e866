/** An exit status named by a rule; `*` is any but 0. */
export type ExitPattern = number | '*';

/** `soft_fail` of a step: true for every failure, or the exit statuses that are soft. */
export type SoftFail = boolean | readonly ExitPattern[];

/** One rule of `retry.automatic`; `limit` is the number of retries. */
export interface RetryRule {
  readonly exitStatus: readonly ExitPattern[];
  readonly limit: number;
}

/** `retry.manual` of a step: whether people may retry its jobs, passed ones too, and if not, why. */
export interface ManualRetry {
  readonly allowed: boolean;
  readonly permitOnPassed: boolean;
  readonly reason: string | null;
}

/** Retries that a rule grants when it names no limit. Source: buildkite/docs pages/pipelines/configure/retry.md. */
export const defaultRetryLimit = 2;

/** What `retry.automatic: true` stands for: any exit 1..255, twice. */
export const anyFailureTwice: readonly RetryRule[] = [{ exitStatus: ['*'], limit: defaultRetryLimit }];

/** Whether a job that ends with `exitStatus` fails softly. */
export function isSoft(softFail: SoftFail, exitStatus: number): boolean {
  if (exitStatus === 0) return false;
  if (typeof softFail === 'boolean') return softFail;
  return softFail.some((pattern) => pattern === '*' || pattern === exitStatus);
}

/**
 * Whether a job that has been retried `retriesSoFar` times and ends with `exitStatus` is retried once more.
 * The first rule that names the status decides. A job ended by a signal (-1) is outside `*`, which is 1..255.
 */
export function isRetried(rules: readonly RetryRule[], exitStatus: number, retriesSoFar: number): boolean {
  const names = (pattern: ExitPattern) =>
    pattern === '*' ? exitStatus >= 1 && exitStatus <= 255 : pattern === exitStatus;
  const rule = exitStatus === 0 ? undefined : rules.find((candidate) => candidate.exitStatus.some(names));
  return rule !== undefined && retriesSoFar < rule.limit;
}

/**
 * The exit status Buildkite records: a promise is binding where the job reports success, or a soft failure
 * after a hard promise; any other failure is recorded as reported.
 */
export function recordedExitStatus(softFail: SoftFail, promised: number | null, reported: number): number {
  if (promised === null) return reported;
  if (reported === 0) return promised;
  return isSoft(softFail, reported) && !isSoft(softFail, promised) ? promised : reported;
}
