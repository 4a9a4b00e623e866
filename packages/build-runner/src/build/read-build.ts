import { asFields, present, text, time, whole } from '../rest/fields.ts';
import type { BuildReport, FailingJob } from './build.ts';
import { formatBuildId, parseBuildAddress } from './id.ts';
import { readStamp } from './stamp.ts';
import { statusOf } from './status.ts';

/**
 * Reads a build as REST, webhooks or EventBridge write it; undefined when it is none, or none that can be told
 * from others. Source: buildkite/docs pages/apis/rest_api/builds.md, pages/pipelines/integrations/observability/amazon_eventbridge.md.
 */
export function readBuild(build: unknown, organization?: string, pipeline?: string): BuildReport | undefined {
  const fields = asFields(build);
  const id = fields && idOf(fields, organization, pipeline);
  const state = text(fields?.state);
  if (fields === undefined || id === undefined || state === undefined) return undefined;
  const failingAt = time(fields.failing_at);
  const blocked =
    fields.blocked === true || (text(fields.blocked_state) !== undefined && state === 'blocked');
  const { key, metadata } = readStamp(fields.meta_data);
  return {
    ...{ id, state, blocked: blocked || state === 'blocked', metadata, failingJobs: [] },
    status: statusOf({ state, blocked, failing: failingAt !== undefined }),
    ...present({
      ...{ key, url: text(fields.web_url), failingAt },
      ...{ branch: text(fields.branch), commit: text(fields.commit), message: text(fields.message) },
      ...{ createdAt: time(fields.created_at), startedAt: time(fields.started_at) },
      finishedAt: time(fields.finished_at),
    }),
  };
}

function idOf(fields: Readonly<Record<string, unknown>>, organization?: string, pipeline?: string) {
  const number = whole(fields.number);
  if (organization && pipeline && number) return formatBuildId({ organization, pipeline, number });
  const address = parseBuildAddress(text(fields.url) ?? '') ?? parseBuildAddress(text(fields.web_url) ?? '');
  return address && formatBuildId(address);
}

/**
 * Reads a job that makes its build fail: promised, or finished with a failure that is not soft; undefined for
 * any other.
 */
export function readFailingJob(job: unknown, reason?: string): FailingJob | undefined {
  const fields = asFields(job);
  const id = text(fields?.id) ?? text(fields?.uuid);
  if (fields === undefined || id === undefined || fields.soft_failed === true) return undefined;
  const exitStatus = whole(fields.exit_status);
  const promisedStatus = whole(fields.promised_exit_status);
  const state = text(fields.state) ?? 'unknown';
  const promised =
    promisedStatus === undefined
      ? undefined
      : present({ exitStatus: promisedStatus, at: time(fields.promised_exit_status_at), reason });
  const failed = endStates.has(state) && fields.passed !== true && exitStatus !== 0;
  if (promised === undefined && !failed) return undefined;
  return {
    ...{ id, name: text(fields.name) ?? text(fields.label) ?? text(fields.command) ?? id, state },
    ...present({
      ...{ exitStatus, promised, stepKey: text(fields.step_key), url: text(fields.web_url) },
      ...{ startedAt: time(fields.started_at), finishedAt: time(fields.finished_at) },
    }),
  };
}

const endStates = new Set(['failed', 'finished', 'timed_out', 'expired']);
