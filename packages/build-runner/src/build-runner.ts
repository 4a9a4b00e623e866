import type { RetryPolicy, RetrySeams } from '@promise-failure/core/retrying';
import type { BuildId, BuildReport } from './build/build.ts';
import { fetchReport } from './build/fetch-report.ts';
import { addressOf } from './build/id.ts';
import { isFinished } from './build/status.ts';
import { findOrCreate, type TriggerRequest } from './build/trigger.ts';
import { createRestClient, type RestOptions } from './rest/client.ts';
import { isRestError } from './rest/error.ts';
import { buildPath } from './rest/paths.ts';
import { createRepeat, defaultRestPolicy } from './rest/retry.ts';

/** What became of a request to cancel. */
export type CancelOutcome = 'requested' | 'already finished';

/**
 * Triggers, reads and cancels builds. Keeps no state: an id is enough, in any process. All three may be called
 * at once and again. They reject with plain errors, which `classifyBuildError` sorts, after the retry policy is
 * used up, and with the signal's reason.
 */
export interface BuildRunner {
  /**
   * Creates a build and resolves with its id once Buildkite has accepted it, not when it runs. Two round trips.
   * Safe to repeat with the same key, also in a new process: after a lost answer, or 500, 502 or 504, the build
   * is looked for before it is created again. A refusal (422) is terminal. Two processes that race with one new
   * key may create two builds; later calls then agree on the first.
   */
  trigger(request: TriggerRequest, signal?: AbortSignal): Promise<BuildId>;
  /**
   * Reads the build as it is now: one round trip, and a second one for a build that fails. Takes an id or a
   * URL. A build that does not exist is a terminal error, `notFound`. Safe to repeat.
   */
  status(build: BuildId | string, signal?: AbortSignal): Promise<BuildReport>;
  /**
   * Resolves when Buildkite has the request; the build ends a little later. A build at its end is left alone.
   * Safe to repeat. One round trip, or two when Buildkite refuses: one not yet scheduled cannot be cancelled.
   */
  cancel(build: BuildId | string, signal?: AbortSignal): Promise<CancelOutcome>;
}

/** How to reach Buildkite, and how often to try. */
export interface BuildRunnerOptions extends RestOptions, RetrySeams {
  /** @default defaultRestPolicy */
  readonly retry?: RetryPolicy;
}

/** Creates a build runner on Buildkite's REST API. Source: buildkite/docs pages/apis/rest_api/builds.md. */
export function createBuildRunner(options: BuildRunnerOptions): BuildRunner {
  const rest = createRestClient(options);
  const { sleep, random } = options;
  const repeat = createRepeat(options.retry ?? defaultRestPolicy, { sleep, random });
  const never = new AbortController().signal;

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

  return {
    trigger: (wanted, signal = never) => repeat(() => findOrCreate(rest, wanted, signal), signal),
    status: async (build, signal = never) => {
      const address = addressOf(build);
      return repeat(() => fetchReport(rest, address, signal), signal);
    },
    cancel: (build, signal = never) => repeat(() => cancelOnce(build, signal), signal),
  };
}
