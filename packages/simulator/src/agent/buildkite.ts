import type { Clock } from '../clock.ts';
import type { Model } from '../model/model.ts';
import type { Build } from '../model/types.ts';

/** Options of a simulator; all may be left out. */
export interface SimulatorOptions {
  readonly clock?: Clock;
  /** @default 'acme' */
  readonly organization?: string;
  /** @default 'shop' */
  readonly pipeline?: string;
  /** False: the organization does not have promised failures; the Agent API answers 404. @default true */
  readonly promisesEnabled?: boolean;
  /** False: promises are recorded and do not turn the build failing. @default true */
  readonly countPromises?: boolean;
  /** Milliseconds between the agent's attempts upstream. @default agentWaitsMs, almost four minutes in all */
  readonly upstreamWaitsMs?: readonly number[];
  /** Milliseconds that the agent gives one attempt upstream. @default 60000 */
  readonly upstreamTimeoutMs?: number;
}

/** The Buildkite around a job: what its servers and its variables are made from. */
export interface Buildkite {
  readonly options: SimulatorOptions;
  readonly organization: string;
  readonly pipeline: string;
  readonly clock: Clock;
  readonly model: Model;
  /** The build that jobs join unless told otherwise; made with the first such job. */
  readonly build: Build;
}
