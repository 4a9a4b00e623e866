import { asFields, present, text, time, whole } from '../rest/fields.ts';
import type { BuildReport, JobCounts } from './build.ts';
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
  const { key, attempt, metadata } = readStamp(fields.meta_data);
  return {
    ...{ id, state, blocked: blocked || state === 'blocked', metadata, failingJobs: [] },
    status: statusOf({ state, blocked, failing: failingAt !== undefined }),
    ...present({
      ...{ key, attempt, url: text(fields.web_url), failingAt },
      ...{ branch: text(fields.branch), commit: text(fields.commit), message: text(fields.message) },
      ...{ createdAt: time(fields.created_at), startedAt: time(fields.started_at) },
      ...{ finishedAt: time(fields.finished_at), jobCounts: readCounts(fields.job_state_counts) },
    }),
  };
}

function idOf(fields: Readonly<Record<string, unknown>>, organization?: string, pipeline?: string) {
  const number = whole(fields.number);
  if (organization && pipeline && number) return formatBuildId({ organization, pipeline, number });
  const address = parseBuildAddress(text(fields.url) ?? '') ?? parseBuildAddress(text(fields.web_url) ?? '');
  return address && formatBuildId(address);
}

/** How many jobs there are in each state; undefined where nothing tells. */
function readCounts(value: unknown): JobCounts | undefined {
  const fields = asFields(value);
  const total = whole(fields?.total);
  if (total === undefined) return undefined;
  const states = Object.entries(asFields(fields?.states) ?? {}).filter(
    (entry): entry is [string, number] => whole(entry[1]) !== undefined,
  );
  return { total, states: Object.fromEntries(states) };
}
