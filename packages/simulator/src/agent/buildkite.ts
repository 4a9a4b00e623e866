import type { Clock } from '../clock.ts';
import type { ArtifactStore } from '../model/artifact-store.ts';
import type { Model } from '../model/model.ts';
import type { Build, Job } from '../model/types.ts';
import type { OidcIssuer } from './oidc.ts';

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
  /** Base of the pages that jobs are told of. @default https://buildkite.com */
  readonly webUrl?: string;
  /** Adds a pipeline that a job uploads; a text says why not. Absent: uploads are refused. */
  readonly upload?: (job: Job, pipeline: unknown) => string | undefined;
}

/** The Buildkite around a job: what its servers and its variables are made from. */
export interface Buildkite {
  readonly options: SimulatorOptions;
  readonly organization: string;
  readonly pipeline: string;
  readonly clock: Clock;
  readonly model: Model;
  /** Makes the OIDC tokens of all jobs. */
  readonly issuer: OidcIssuer;
  readonly artifacts: ArtifactStore;
  /** The build that jobs join unless told otherwise; made with the first such job. */
  readonly build: Build;
}
