import { declareByHand, readFlag } from '@promise-failure/core/command';
import { createLog, type Log } from '@promise-failure/core/log';
import { withinTime } from '@promise-failure/core/retrying';
import { declareExit } from './exit.ts';

/** Options of `promise-failure declare`, as commander gives them. */
export interface DeclareOptions {
  readonly reason: string;
  /** Seconds. */
  readonly timeout: number;
}

/** Declares and resolves with the exit code; never rejects. What became of it is told on stderr. */
export async function runDeclare(
  exitStatus: number,
  { reason, timeout }: DeclareOptions,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number> {
  const log = createLog(false);
  const flag = readFlag(env);
  if (flag.type === 'invalid') {
    for (const { field, found, expected } of flag.problems) {
      log.warn(`nothing is promised: ${field} is ${found}, expected ${expected}`);
    }
    return declareExit.trouble;
  }
  if (flag.type === 'off') {
    log.info('nothing is promised: PROMISE_FAILURE is false');
    return declareExit.off;
  }
  const dryRun = flag.type === 'dry-run';
  if (!dryRun && !env.BUILDKITE_JOB_ID) {
    log.warn('nothing is promised: this is not a Buildkite job, BUILDKITE_JOB_ID is not set');
    return declareExit.trouble;
  }
  const options = { dryRun, debug: /^(true|1)$/.test(env.PROMISE_FAILURE_DEBUG ?? '') };
  try {
    const { result } = await withinTime(signal, timeout * 1000, (own) =>
      declareByHand({ exitStatus, reason }, env, options, own),
    );
    if (result.accepted) return declareExit.promised;
    return result.verdict === 'terminal' ? declareExit.refused : declareExit.undelivered;
  } catch (error) {
    return explain(error, timeout, log, signal);
  }
}

function explain(error: unknown, timeout: number, log: Log, signal: AbortSignal): number {
  if (signal.aborted && typeof signal.reason === 'number') return signal.reason;
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  log.warn(`no verdict: ${isLate ? `none within ${timeout} s` : String(error)}; to declare again is safe`);
  return declareExit.undelivered;
}
