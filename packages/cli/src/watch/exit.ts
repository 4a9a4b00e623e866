import type { BuildReport } from '@promise-failure/build-runner';

/**
 * Exit codes of `promise-failure watch`; from 9 to 12 those of Buildkite's own `bk preflight`.
 * Source: buildkite/cli internal/errors/handler.go, cmd/preflight/result.go.
 */
export const watchExit = {
  passed: 0,
  /** The watching itself failed: no token, no such build, a bad option. */
  trouble: 1,
  /** The build has ended in any other way than passed. */
  failed: 9,
  failing: 10,
  /** The watching ended before the build: it waits for a person at a block step, or the time was up. */
  incomplete: 11,
  /** The build is in a state that is not known, or could not be read any more. */
  unknown: 12,
  interrupted: 130,
  /** Nobody reads the output any more; 128 and the number of SIGPIPE. */
  closedPipe: 141,
} as const;

/** Whether to stop as soon as the outcome is certain, or to go on to the build's end. */
export type Until = 'certain' | 'finished';

/** The exit code once watching may stop, undefined before. A blocked or unknown build may still go on. */
export function exitCodeFor(report: BuildReport, until: Until): number | undefined {
  const code = exitCodeNow(report);
  const ended = code === watchExit.passed || code === watchExit.failed;
  if (ended || until === 'finished') return ended ? code : undefined;
  return report.status === 'failing' || (report.blocked && report.status !== 'unknown') ? code : undefined;
}

/** The exit code of a watch that ends now, whatever the build does; without a report the build is not known. */
export function exitCodeNow(report: BuildReport | undefined): number {
  const status = report?.status ?? 'unknown';
  switch (status) {
    case 'succeeded':
      return watchExit.passed;
    case 'failed':
    case 'cancelled':
    case 'skipped':
      return watchExit.failed;
    case 'failing':
      return watchExit.failing;
    case 'accepted':
    case 'running':
      return watchExit.incomplete;
    case 'unknown':
      return watchExit.unknown;
    default: {
      const unheardOf: never = status;
      throw new TypeError(`no exit code for ${unheardOf}`);
    }
  }
}
