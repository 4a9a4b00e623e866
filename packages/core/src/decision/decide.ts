import { failuresNeeded } from '../config/threshold.ts';
import type { Threshold } from '../vocabulary.ts';

/** What is known of the muted tests: nothing is muted, the list is there, on its way, or cannot be had. */
export type MutedKnowledge = 'none' | 'known' | 'loading' | 'unavailable';

/** All that the decision depends on. Counts are over all processes of the job where the policy asks for that. */
export interface Standing {
  /** Final, unexpected failures of tests; those known to be muted are left out. */
  readonly testFailures: number;
  /** Failures that no test owns and that make the job fail by themselves. */
  readonly runErrors: number;
  /**
   * Failures that no test owns and that muted tests may account for: an exit status that nothing else explains, and
   * under bktec, which forgives a run whose failed tests are all muted, most others.
   */
  readonly weakRunErrors: number;
  /** Failed tests that are muted, or may be, in this run and in the earlier attempts of the same bktec process. */
  readonly mutedFailures: number;
  /** No further test of this run can fail. */
  readonly ended: boolean;
  /** Failures that a further run of the runner may make good. */
  readonly awaitingRetry: number;
  /** Tests in the run, once certain. */
  readonly total: number | undefined;
  readonly muted: MutedKnowledge;
  /** The run is being cancelled by a signal. */
  readonly cancelled: boolean;
  /** Why an outer layer may still turn this run green; empty when none is seen. */
  readonly flippers: readonly string[];
}

export interface Policy {
  readonly threshold: Threshold;
  readonly exitStatus: number;
}

/** Why there is no promise yet. */
export type HoldReason =
  | 'no hard failure'
  | 'a further run of the runner may pass'
  | 'muted tests may account for it'
  | 'below the threshold'
  | 'the number of tests is not certain yet'
  | 'the list of muted tests is on its way'
  | 'the list of muted tests cannot be had'
  | 'the run is being cancelled'
  | 'a layer around the runner may change the exit status';

declare const decided: unique symbol;

/** Only `decide` makes one, so that nothing undecided can be declared. */
export type Decision =
  | {
      readonly promise: true;
      readonly exitStatus: number;
      readonly hardFailures: number;
      readonly [decided]: true;
    }
  | { readonly promise: false; readonly because: HoldReason };

/** Is it certain now that this job fails, and bad enough to say so? Pure; every "no" has a name. */
export function decide(standing: Standing, policy: Policy): Decision {
  const { testFailures, weakRunErrors } = standing;
  if (standing.cancelled) return hold('the run is being cancelled');
  if (testFailures + standing.runErrors + weakRunErrors === 0) {
    return hold(standing.awaitingRetry > 0 ? 'a further run of the runner may pass' : 'no hard failure');
  }
  if (standing.flippers.length > 0) return hold('a layer around the runner may change the exit status');

  const listKnown = standing.muted === 'none' || standing.muted === 'known';
  const strong = standing.runErrors + (listKnown ? testFailures : 0);
  const hardFailures = strong + (areCertain(standing, strong) ? weakRunErrors : 0);
  const needed = failuresNeeded(policy.threshold, standing.total);
  if (needed === undefined) return hold('the number of tests is not certain yet');
  if (hardFailures >= needed) {
    return { promise: true, exitStatus: policy.exitStatus, hardFailures } as Decision;
  }
  if (!listKnown && testFailures + weakRunErrors > 0) {
    return hold(
      standing.muted === 'loading'
        ? 'the list of muted tests is on its way'
        : 'the list of muted tests cannot be had',
    );
  }
  return hold(
    hardFailures < strong + weakRunErrors ? 'muted tests may account for it' : 'below the threshold',
  );
}

/** Nothing muted can be behind the weak run errors: something else fails the job, nothing is muted, or nothing muted failed. */
function areCertain({ muted, ended, mutedFailures }: Standing, strong: number): boolean {
  return strong > 0 || muted === 'none' || (muted === 'known' && ended && mutedFailures === 0);
}

function hold(because: HoldReason): Decision {
  return { promise: false, because };
}
