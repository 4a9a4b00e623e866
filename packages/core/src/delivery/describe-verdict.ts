import type { Log } from '../log.ts';
import type { DeclareRequest, DeclareResult, DeclarerName } from '../vocabulary.ts';

/** What to do about a refusal, by the status with which Buildkite refused. Source: buildkite/agent clicommand/job_promise_failure.go. */
const advice: Readonly<Record<number, string>> = {
  401: 'the token was not accepted; the agent may be too old, or the job may have lost its environment',
  403: "the token is not this job's; check that BUILDKITE_AGENT_ACCESS_TOKEN is passed on unchanged",
  404: 'promised failures are not enabled for this organization; ask Buildkite to enable them',
  422: 'the job is no longer running',
  429: 'Buildkite is limiting requests; it is asked again later',
};

/** Says once what became of a declaration. */
export function describeVerdict(
  log: Log,
  request: DeclareRequest,
  result: DeclareResult,
  by: DeclarerName,
): void {
  const what = `exit status ${request.exitStatus}`;
  if (result.accepted) {
    const line =
      by === 'dry run'
        ? `would promise ${what} now: ${request.reason}`
        : `promised ${what} (by ${by}): ${request.reason}`;
    if (result.outcome === 'debounced') log.debug(`${what} had been promised already (by ${by})`);
    else log.header(line);
    return;
  }
  if (result.upstreamStatus === 409) {
    log.info(`another exit status has been promised for this job already, so ${what} is not`);
    return;
  }
  const hint = result.upstreamStatus === undefined ? undefined : advice[result.upstreamStatus];
  // Without a status nobody at Buildkite has answered, and the message tells of each way that was tried.
  const outcome =
    result.upstreamStatus === undefined
      ? 'not declared'
      : `${result.verdict === 'terminal' ? 'refused' : 'not declared'} (by ${by})`;
  log.warn(`promised failure ${outcome}: ${result.message}${hint === undefined ? '' : `; ${hint}`}`);
}
