import type { DeliverySummary, SomeTests } from '../channel/channel.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';

const none: SomeTests = { count: 0, names: [] };

/** When a run has ended. `toEpoch` turns monotonic milliseconds into those since the epoch. */
export interface RunEnd {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly flaky: number;
  readonly toEpoch: (ms: number) => number;
}

/**
 * Says at the end of a run what came of it: nothing for a run in which nothing failed for good, save to who asks for
 * the whole story. Gives the lines that are to be said only if the process fails indeed, where a layer may forgive it.
 */
export function describeEnd(
  log: Log,
  summary: DeliverySummary | undefined,
  end: RunEnd,
  config: Config,
): readonly string[] {
  const { hard = 0, muted = none, contradicted = none, promise } = summary ?? {};
  const counts = `${hard} hard, ${muted.count} muted, ${end.flaky} flaky`;
  if (summary === undefined || (promise === undefined && hard + muted.count === 0)) {
    log.debug(`${counts}; nothing has failed for good, so nothing is promised`);
    return [];
  }
  const receipt = [`${counts}; ${describePromise(summary, config, end)}`, ...describeTimes(summary, end)];
  if (summary.heldBy !== undefined) return receipt;
  for (const line of receipt) log.info(line);
  if (muted.count > 0) log.info(`muted: ${list(muted)}`);
  if (contradicted.count > 0) {
    log.warn(
      `a promise was contradicted: ${list(contradicted)} failed for good and passed later (its file was run again, or its result was rewritten); Buildkite will record this job as failed. Set settle: 'file' to wait for the end of each file`,
    );
  }
  return [];
}

function describePromise({ promise, because, heldBy }: DeliverySummary, config: Config, end: RunEnd): string {
  if (heldBy !== undefined) return `nothing promised, because ${heldBy} may change the exit status`;
  if (promise === undefined) return `nothing promised${because ? `: ${because}` : ''}`;
  const early = `${headStart(promise.at, end)} before the end`;
  return config.mode === 'dry-run'
    ? `would have promised exit status ${promise.exitStatus} ${early}`
    : `promised exit status ${promise.exitStatus} ${early}`;
}

/** The rest of the receipt, a line for each thing that somebody may look for. */
function describeTimes({ promise, because, heldBy }: DeliverySummary, end: RunEnd): string[] {
  const finished = `  finished at ${isoTime(end.toEpoch(end.at))}`;
  if (promise === undefined)
    return [finished, `  held by     ${heldBy ?? because ?? 'no answer from Buildkite'}`];
  const { at, by, outcome } = promise;
  return [
    `  promised at ${isoTime(end.toEpoch(at))}`,
    finished,
    `  head start  ${headStart(at, end)}`,
    `  channel     ${by}${by === 'dry run' ? '' : `, ${outcome}`}`,
  ];
}

function headStart(promisedAt: number, end: RunEnd): string {
  return `${(Math.max(0, end.at - promisedAt) / 1000).toFixed(1)} s`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace(/[.]\d+Z$/, 'Z');
}

function list({ count, names }: SomeTests): string {
  const more = count - names.length;
  return names.join(', ') + (more > 0 ? `, and ${more} more` : '');
}
