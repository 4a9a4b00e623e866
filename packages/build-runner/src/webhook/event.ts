import type { BuildReport, FailingJob } from '../build/build.ts';
import { readBuild } from '../build/read-build.ts';
import { readFailingJob } from '../build/read-failing-job.ts';
import { asFields, type Fields, text } from '../rest/fields.ts';

/** What an event tells of a build. An event may be late, twice, out of order, or show a later state than its own. */
export interface BuildEvent {
  /** Buildkite's name of a webhook event, or the detail type of an EventBridge event. */
  readonly name: string;
  /** The build, with the one job of the event if it makes the build fail. */
  readonly report: BuildReport;
}

const buildWebhooks = new Set([
  'build.scheduled',
  'build.running',
  'build.failing',
  'build.finished',
  'build.skipped',
]);
const jobWebhooks = new Set([
  'job.scheduled',
  'job.started',
  'job.finished',
  'job.activated',
  'job.promised_exit_status',
]);

/**
 * Reads the body of a webhook; undefined for events that tell nothing of a build, known or not.
 * Source: buildkite/docs pages/apis/webhooks/pipelines/build_events.md, job_events.md.
 */
export function readWebhook(body: unknown): BuildEvent | undefined {
  const fields = asFields(body);
  const name = text(fields?.event);
  if (fields === undefined || name === undefined) return undefined;
  if (!buildWebhooks.has(name) && !jobWebhooks.has(name)) return undefined;
  const report = asTold(name, readBuild(fields.build));
  return report && { name, report: withJob(report, fields.job, text(fields.promised_exit_status_reason)) };
}

/**
 * Reads an event of Buildkite from Amazon EventBridge; undefined for anything else.
 * Source: buildkite/docs pages/pipelines/integrations/observability/amazon_eventbridge.md.
 */
export function readEventBridge(body: unknown): BuildEvent | undefined {
  const fields = asFields(body);
  const detail = asFields(fields?.detail);
  const name = text(fields?.['detail-type']);
  if (!isEventBridge(fields) || detail === undefined || name === undefined) return undefined;
  const slugs = [asFields(detail.organization)?.slug, asFields(detail.pipeline)?.slug].map(text);
  const report = asTold(name, readBuild(detail.build, slugs[0], slugs[1]));
  return report && { name, report: withJob(report, detail.job, text(detail.promised_exit_status_reason)) };
}

/** True for the envelope of an EventBridge event that comes from Buildkite. */
export function isEventBridge(fields: Fields | undefined): boolean {
  return text(fields?.source)?.startsWith('aws.partner/buildkite.com/') === true;
}

/**
 * `failing_at` is never cleared, so that a running build may have it and have recovered: of a running build only
 * the event of that name tells that it is failing.
 */
function asTold(name: string, report: BuildReport | undefined): BuildReport | undefined {
  if (report?.state !== 'running' && report?.state !== 'started') return report;
  const failing = name === 'build.failing' || name === 'Build Failing';
  return { ...report, status: failing ? 'failing' : 'running' };
}

/** A soft or retried promise is told by an event too: whether the build fails, only the build's own state tells. */
function withJob(report: BuildReport, job: unknown, reason: string | undefined): BuildReport {
  const failing: FailingJob | undefined = readFailingJob(job, reason);
  return failing === undefined ? report : { ...report, failingJobs: [failing] };
}
