import type { BuildReport } from '@promise-failure/build-runner';

/** Exit codes of `promise-failure watch`. 0, 9 and 10 are those of Buildkite's own `bk preflight`. */
export const watchExit = {
  passed: 0,
  /** The watching itself failed: no token, no such build, a bad option. */
  trouble: 1,
  failed: 9,
  failing: 10,
  cancelled: 11,
  /** The build is in a state that is not known, or could not be read any more. */
  unknown: 12,
  /** The build waits for a person at a block step. */
  blocked: 13,
  interrupted: 130,
} as const;

/** Whether to stop as soon as the outcome is certain, or to go on to the build's end. */
export type Until = 'certain' | 'finished';

/** The exit code once watching may stop, undefined before. A blocked or unknown build may still go on. */
export function exitCodeFor({ status, blocked }: BuildReport, until: Until): number | undefined {
  switch (status) {
    case 'succeeded':
      return watchExit.passed;
    case 'failed':
      return watchExit.failed;
    case 'cancelled':
      return watchExit.cancelled;
    case 'failing':
      return until === 'certain' ? watchExit.failing : undefined;
    case 'accepted':
    case 'running':
    case 'unknown':
      return blocked && until === 'certain' ? watchExit.blocked : undefined;
    default: {
      const unheardOf: never = status;
      throw new TypeError(`no exit code for ${unheardOf}`);
    }
  }
}
