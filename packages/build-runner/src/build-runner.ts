import type { RetryPolicy, Sleep } from '@promise-failure/core/retrying';
import type { BuildId, BuildReport } from './build/build.ts';
import { type CallOptions, withLimits } from './build/call-options.ts';
import { fetchReport } from './build/fetch-report.ts';
import { addressOf } from './build/id.ts';
import { type BranchAddress, fetchLatest } from './build/latest.ts';
import { createSingleFlight } from './build/single-flight.ts';
import { isFinished } from './build/status.ts';
import { findOrCreate } from './build/trigger.ts';
import { assertTriggerRequest, type TriggerRequest } from './build/trigger-request.ts';
import { createRestClient, type RestOptions } from './rest/client.ts';
import { isRestError } from './rest/error.ts';
import { buildPath, buildsPath } from './rest/paths.ts';
import { createRepeat, defaultRestPolicy } from './rest/retry.ts';

/** What became of a request to cancel. */
export type CancelOutcome = 'requested' | 'already finished';

/**
 * Triggers, reads and cancels builds. Keeps no state: an id is enough, in any process. All may be called at once
 * and again. They reject with plain errors, which `classifyBuildError` sorts, after the retry policy is used up,
 * and with the signal's reason or a `TimeoutError` as the call's options say.
 */
export interface BuildRunner {
  /**
   * Creates a build and resolves with its id once Buildkite has accepted it, not when it runs. Three round trips.
   * Safe to repeat with the same key and attempt, also in a new process: callers in one process share one call,
   * and after a lost answer, or 500, 502 or 504, the build is looked for before it is created again. A refusal
   * (422) is terminal. Processes that race with one new key may each create a build; all resolve with the first.
   */
  trigger(request: TriggerRequest, options?: CallOptions): Promise<BuildId>;
  /**
   * Reads the build as it is now: one round trip, and a second one for a build that fails. Takes an id or a
   * URL. A build that does not exist is a terminal error, `notFound`. Safe to repeat.
   */
  status(build: BuildId | string, options?: CallOptions): Promise<BuildReport>;
  /** The newest build of a branch, as `status` tells it; undefined where there is none. */
  latest(branch: BranchAddress, options?: CallOptions): Promise<BuildReport | undefined>;
  /**
   * Resolves when Buildkite has the request; the build ends a little later. A build at its end is left alone.
   * Safe to repeat. One round trip, or two when Buildkite refuses: one not yet scheduled cannot be cancelled.
   */
  cancel(build: BuildId | string, options?: CallOptions): Promise<CancelOutcome>;
}

/** How to reach Buildkite, and how often to try. */
export interface BuildRunnerOptions extends RestOptions {
  /** @default defaultRestPolicy */
  readonly retry?: RetryPolicy | undefined;
  readonly sleep?: Sleep | undefined;
  readonly random?: (() => number) | undefined;
}

/** Shared by all runners of this process: it is one trigger, whichever of them makes it. */
const triggers = createSingleFlight<BuildId>();

/** Creates a build runner on Buildkite's REST API. Source: buildkite/docs pages/apis/rest_api/builds.md. */
export function createBuildRunner(options: BuildRunnerOptions): BuildRunner {
  const rest = createRestClient(options);
  const { sleep, random, baseUrl = '' } = options;
  const repeat = createRepeat(options.retry ?? defaultRestPolicy, { sleep, random });

  async function triggerOnce(wanted: TriggerRequest, signal: AbortSignal): Promise<BuildId> {
    assertTriggerRequest(wanted);
    const name = JSON.stringify([baseUrl, buildsPath(wanted), wanted.key, wanted.attempt ?? 1]);
    return triggers.join(name, signal, (all) => repeat(() => findOrCreate(rest, wanted, all), all));
  }

  async function readLatest(branch: BranchAddress, signal: AbortSignal) {
    const newest = await fetchLatest(rest, branch, signal);
    return newest && (await fetchReport(rest, addressOf(newest.id), signal));
  }

  async function cancelOnce(build: string, signal: AbortSignal): Promise<CancelOutcome> {
    const address = addressOf(build);
    try {
      await rest({ method: 'PUT', path: `${buildPath(address)}/cancel`, body: {} }, signal);
      return 'requested';
    } catch (error) {
      if (!isRestError(error) || error.status !== 422) throw error;
      const { status, state } = await fetchReport(rest, address, signal);
      if (isFinished(status)) return 'already finished';
      if (state === 'canceling') return 'requested';
      throw error;
    }
  }

  /** Async, so that a bad argument rejects as everything else does. */
  const repeated = <T>(limits: CallOptions, call: (signal: AbortSignal) => Promise<T>) =>
    withLimits(limits, (signal) => repeat(() => call(signal), signal));
  return {
    trigger: (wanted, limits = {}) => withLimits(limits, (signal) => triggerOnce(wanted, signal)),
    status: (build, limits = {}) =>
      repeated(limits, async (signal) => fetchReport(rest, addressOf(build), signal)),
    latest: (branch, limits = {}) => repeated(limits, (signal) => readLatest(branch, signal)),
    cancel: (build, limits = {}) => repeated(limits, (signal) => cancelOnce(build, signal)),
  };
}
