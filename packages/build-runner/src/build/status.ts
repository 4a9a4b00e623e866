import type { BuildStatus } from './build.ts';

/** The fields of a build that decide its status, as Buildkite names them. */
export interface StateFields {
  readonly state: string;
  readonly blocked: boolean;
  readonly failing: boolean;
}

const byState: ReadonlyMap<string, BuildStatus> = new Map([
  ['creating', 'accepted'],
  ['scheduled', 'accepted'],
  ['running', 'running'],
  ['started', 'running'], // EventBridge's word for running
  ['failing', 'failing'],
  ['blocked', 'running'],
  ['canceling', 'running'],
  ['passed', 'succeeded'],
  ['failed', 'failed'],
  ['not_run', 'skipped'],
  ['skipped', 'skipped'],
  ['canceled', 'cancelled'],
]);

/**
 * Maps Buildkite's state onto ours. A running build with a `failing_at` is failing, whichever of the two the API
 * shows. A blocked build keeps its last state in REST, and is not at its end: `passed` is running, `failed` is
 * failing. Source: buildkite/docs pages/apis/rest_api/builds.md.
 */
export function statusOf({ state, blocked, failing }: StateFields): BuildStatus {
  const status = byState.get(state) ?? 'unknown';
  if (state === 'canceling') return status;
  const open = blocked && status === 'succeeded' ? 'running' : status;
  if (blocked && open === 'failed') return 'failing';
  return open === 'running' && failing ? 'failing' : open;
}

const ranks: Readonly<Record<BuildStatus, number>> = {
  unknown: 0,
  accepted: 1,
  running: 2,
  failing: 3,
  succeeded: 4,
  failed: 4,
  cancelled: 4,
  skipped: 4,
};

/** How far a build is. A report of lower rank is older than one of higher rank, whatever the order of arrival. */
export function rankOf(status: BuildStatus): number {
  return ranks[status];
}

/** True for the four ends: succeeded, failed, cancelled and skipped. */
export function isFinished(status: BuildStatus): boolean {
  return ranks[status] === 4;
}
