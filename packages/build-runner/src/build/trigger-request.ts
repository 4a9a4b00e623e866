import { present } from '../rest/fields.ts';
import type { PipelineAddress } from '../rest/paths.ts';
import { reservedFields, writeStamp } from './stamp.ts';

/** Who a build is of. */
export interface BuildAuthor {
  readonly name: string;
  readonly email: string;
}

/** What to build. */
export interface TriggerRequest extends PipelineAddress {
  /** The caller's own name for this trigger, unique in the pipeline: builds are found again by it. Not empty. */
  readonly key: string;
  /**
   * Asks anew for a key whose build was cancelled or has failed: each attempt, from 1, has a build of its own.
   * @default 1
   */
  readonly attempt?: number | undefined;
  /** A full commit, or a ref such as `HEAD`. */
  readonly commit: string;
  readonly branch: string;
  readonly message?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Comes back with every report of the build. At most 100 kB as JSON. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Buildkite's meta-data of the build, which its jobs read. Keys that begin with `promise-failure-` are taken. */
  readonly metaData?: Readonly<Record<string, string>> | undefined;
  readonly author?: BuildAuthor | undefined;
  /** Builds a branch that the pipeline's settings leave out. @default false */
  readonly ignorePipelineBranchFilters?: boolean | undefined;
  /** Removes an existing checkout before the jobs begin. @default false */
  readonly cleanCheckout?: boolean | undefined;
  readonly pullRequestId?: number | undefined;
  readonly pullRequestBaseBranch?: string | undefined;
  /** The git URL of the pull request's own repository. */
  readonly pullRequestRepository?: string | undefined;
  readonly pullRequestLabels?: readonly string[] | undefined;
}

/** Throws a TypeError for a request that would lose or mix up builds. */
export function assertTriggerRequest({ key, attempt = 1, metaData = {} }: TriggerRequest): void {
  if (typeof key !== 'string' || key.trim() === '') {
    throw new TypeError(`key must be a text that names this trigger, not ${JSON.stringify(key)}`);
  }
  if (!Number.isSafeInteger(attempt) || attempt < 1) {
    throw new TypeError(`attempt must be a whole number from 1, not ${attempt}`);
  }
  const taken = Object.keys(metaData).find((name) => reservedFields.includes(name));
  if (taken !== undefined) throw new TypeError(`metaData must not set ${taken}: the build is found by it`);
}

/** The request as Buildkite wants it. Source: buildkite/docs pages/apis/rest_api/builds.md. */
export function triggerBody(wanted: TriggerRequest) {
  const { key, attempt = 1, metadata = {}, commit, branch, message, env, author } = wanted;
  return present({
    ...{ commit, branch, message, env, author },
    meta_data: { ...wanted.metaData, ...writeStamp({ key, attempt, metadata }) },
    ignore_pipeline_branch_filters: wanted.ignorePipelineBranchFilters,
    clean_checkout: wanted.cleanCheckout,
    pull_request_id: wanted.pullRequestId,
    pull_request_base_branch: wanted.pullRequestBaseBranch,
    pull_request_repository: wanted.pullRequestRepository,
    pull_request_labels: wanted.pullRequestLabels,
  });
}
