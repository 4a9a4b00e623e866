import { createDeclarers, type DeclarersSeams } from '../declarers/declarers.ts';
import { declareNothing } from '../declarers/dry-run.ts';
import type { Delivered } from '../declarers/fallback.ts';
import type { Env } from '../env.ts';
import { createLog, type Log } from '../log.ts';
import { createRedactor } from '../redaction/redact.ts';
import type { DeclareRequest } from '../vocabulary.ts';
import { describeVerdict } from './describe-verdict.ts';
import { oneLine } from './reason.ts';

/** Of the reason, in characters: agent and command were seen to take as many. */
const mostCharacters = 5000;

export interface ByHandOptions {
  /** Says what would be promised, and sends nothing. */
  readonly dryRun: boolean;
  /** Tells of each step on stderr. */
  readonly debug: boolean;
  readonly seams?: DeclarersSeams;
}

/**
 * Declares what a person or a script knows, by the ways a reporter takes, and says on stderr what became of it. A
 * refusal is a value; rejects with the signal's reason when it is aborted. The reason is redacted by the agent's rules.
 */
export async function declareByHand(
  { exitStatus, reason }: DeclareRequest,
  env: Env,
  { dryRun, debug, seams }: ByHandOptions,
  signal: AbortSignal,
): Promise<Delivered> {
  const redactor = createRedactor(env);
  const redact = (text: string) => redactor.redact(text).text;
  const log = createLog(debug, { redact });
  if (redactor.problem !== undefined) log.warn(redactor.problem);
  const request = { exitStatus, reason: oneLine(redact(reason)).slice(0, mostCharacters) };
  const declare = dryRun ? declareNothing : createDeclarers(env, { onStep: log.debug, ...seams });
  const delivered = await declare(request, signal);
  tell(log, request, delivered);
  return delivered;
}

/** That another process of the job has promised the same is an answer to a person, and noise to a reporter. */
function tell(log: Log, request: DeclareRequest, { result, by }: Delivered): void {
  if (result.accepted && result.outcome === 'debounced') {
    log.info(`exit status ${request.exitStatus} had been promised already (by ${by})`);
  } else describeVerdict(log, request, result, by);
}
