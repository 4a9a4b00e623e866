import { failuresNeeded } from '../config/threshold.ts';
import type { Threshold } from '../vocabulary.ts';

/** What is known of the muted tests: nothing is muted, the list is there, on its way, or cannot be had. */
export type MutedKnowledge = 'none' | 'known' | 'loading' | 'unavailable';

/** All that the decision depends on. Counts are over all processes of the job where the policy asks for that. */
export interface Standing {
  /** Final, unexpected failures of tests; those known to be muted are left out. */
  readonly testFailures: number;
  readonly runErrors: number;
  /** Tests in the run, once certain. */
  readonly total: number | undefined;
  readonly muted: MutedKnowledge;
  /** The run is being cancelled by a signal. */
  readonly cancelled: boolean;
  /** Why an outer layer may still turn this run green; empty when none is seen. */
  readonly flippers: readonly string[];
  /** Exit status another process of this job has promised, if any. */
  readonly agreedExitStatus: number | undefined;
}

export interface Policy {
  readonly threshold: Threshold;
  readonly exitStatus: number;
}

/** Why there is no promise yet. */
export type HoldReason =
  | 'no hard failure'
  | 'below the threshold'
  | 'the number of tests is not certain yet'
  | 'the list of muted tests is on its way'
  | 'the list of muted tests cannot be had'
  | 'the run is being cancelled'
  | 'a layer around the runner may change the exit status'
  | 'another process of this job promised another exit status';

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
  if (standing.cancelled) return hold('the run is being cancelled');
  if (standing.testFailures + standing.runErrors === 0) return hold('no hard failure');
  if (standing.flippers.length > 0) return hold('a layer around the runner may change the exit status');
  if (standing.agreedExitStatus !== undefined && standing.agreedExitStatus !== policy.exitStatus) {
    return hold('another process of this job promised another exit status');
  }

  const listKnown = standing.muted === 'none' || standing.muted === 'known';
  const hardFailures = standing.runErrors + (listKnown ? standing.testFailures : 0);
  const needed = failuresNeeded(policy.threshold, standing.total);
  if (needed === undefined) return hold('the number of tests is not certain yet');
  if (hardFailures >= needed) {
    return { promise: true, exitStatus: policy.exitStatus, hardFailures } as Decision;
  }
  if (!listKnown && standing.testFailures > 0) {
    return hold(
      standing.muted === 'loading'
        ? 'the list of muted tests is on its way'
        : 'the list of muted tests cannot be had',
    );
  }
  return hold('below the threshold');
}

function hold(because: HoldReason): Decision {
  return { promise: false, because };
}
