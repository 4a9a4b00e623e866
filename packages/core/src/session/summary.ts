import type { DeliverySummary } from '../channel/channel.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';

const mostNames = 10;

/** Says at the end of a run what came of it: nothing for a run in which nothing failed. */
export function describeEnd(
  log: Log,
  summary: DeliverySummary | undefined,
  flaky: number,
  config: Config,
  endedAt: number,
): void {
  if (summary === undefined) {
    if (flaky > 0) log.info(`0 hard, 0 muted, ${flaky} flaky`);
    return;
  }
  const counts = `${summary.hard} hard, ${summary.muted.length} muted, ${flaky} flaky`;
  log.info(`${counts}; ${describePromise(summary, config, endedAt)}`);
  if (summary.muted.length > 0) log.info(`muted: ${list(summary.muted)}`);
  if (summary.contradicted.length > 0) {
    log.warn(
      `a promise was contradicted: ${list(summary.contradicted)} failed for good and passed later (its file was run again, or its result was rewritten); Buildkite will record this job as failed. Set settle: 'file' to wait for the end of each file`,
    );
  }
}

function describePromise(summary: DeliverySummary, config: Config, endedAt: number): string {
  const { promise } = summary;
  if (promise === undefined) return `nothing promised${summary.because ? `: ${summary.because}` : ''}`;
  const early = `${(Math.max(0, endedAt - promise.at) / 1000).toFixed(1)} s before the end`;
  return config.mode === 'dry-run'
    ? `would have promised exit status ${promise.exitStatus} ${early}`
    : `promised exit status ${promise.exitStatus} ${early}`;
}

function list(names: readonly string[]): string {
  const more = names.length - mostNames;
  return names.slice(0, mostNames).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
