import type { DeliverySummary, SomeTests } from '../channel/channel.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';

const none: SomeTests = { count: 0, names: [] };

/**
 * Says at the end of a run what came of it: nothing for a run in which nothing failed for good, save to who asks for
 * the whole story. Gives the line that is to be said only if the process fails indeed, where a layer may forgive it.
 */
export function describeEnd(
  log: Log,
  summary: DeliverySummary | undefined,
  flaky: number,
  config: Config,
  endedAt: number,
): string | undefined {
  const { hard = 0, muted = none, contradicted = none, promise } = summary ?? {};
  const counts = `${hard} hard, ${muted.count} muted, ${flaky} flaky`;
  if (summary === undefined || (promise === undefined && hard + muted.count === 0)) {
    log.debug(`${counts}; nothing has failed for good, so nothing is promised`);
    return undefined;
  }
  const line = `${counts}; ${describePromise(summary, config, endedAt)}`;
  if (summary.heldBy !== undefined) return line;
  log.info(line);
  if (muted.count > 0) log.info(`muted: ${list(muted)}`);
  if (contradicted.count > 0) {
    log.warn(
      `a promise was contradicted: ${list(contradicted)} failed for good and passed later (its file was run again, or its result was rewritten); Buildkite will record this job as failed. Set settle: 'file' to wait for the end of each file`,
    );
  }
  return undefined;
}

function describePromise(summary: DeliverySummary, config: Config, endedAt: number): string {
  const { promise, heldBy } = summary;
  if (heldBy !== undefined) return `nothing promised, because ${heldBy} may change the exit status`;
  if (promise === undefined) return `nothing promised${summary.because ? `: ${summary.because}` : ''}`;
  const early = `${(Math.max(0, endedAt - promise.at) / 1000).toFixed(1)} s before the end`;
  return config.mode === 'dry-run'
    ? `would have promised exit status ${promise.exitStatus} ${early}`
    : `promised exit status ${promise.exitStatus} ${early}`;
}

function list({ count, names }: SomeTests): string {
  const more = count - names.length;
  return names.join(', ') + (more > 0 ? `, and ${more} more` : '');
}
