import type { Model } from '../model/model.ts';
import { organizationUrl, type PipelinePlace, pipelineUrl, pipelineWebUrl } from './place.ts';

/** The one pipeline of the server. Source: buildkite/docs pages/apis/rest_api/pipelines.md. */
export function pipelineJson(place: PipelinePlace & { readonly model?: Model }, configuration = '') {
  const url = pipelineUrl(place);
  return {
    id: '00000000-0000-4000-8000-000000000002',
    graphql_id: 'UGlwZWxpbmUtLS1zaW11bGF0b3I=',
    url,
    web_url: pipelineWebUrl(place),
    name: place.pipeline,
    slug: place.pipeline,
    description: null,
    repository: 'file:.',
    branch_configuration: null,
    default_branch: 'main',
    provider: { id: 'git', settings: {}, webhook_url: null },
    skip_queued_branch_builds: false,
    skip_queued_branch_builds_filter: null,
    cancel_running_branch_builds: false,
    cancel_running_branch_builds_filter: null,
    allow_rebuilds: true,
    builds_url: `${url}/builds`,
    badge_url: null,
    created_at: '2026-01-01T00:00:00.000Z',
    archived_at: null,
    env: {},
    tags: [],
    visibility: 'private',
    cluster_id: null,
    cluster_url: null,
    configuration,
    steps: [],
    ...(place.model && countsOf(place.model)),
  };
}

/** How much of the pipeline is under way. */
function countsOf({ builds }: Model) {
  const all = [...builds.values()];
  const jobs = all.flatMap((build) => build.jobs.filter(({ step }) => step.type === 'script'));
  const count = <T extends string>(items: readonly { readonly state: T }[], ...states: T[]) =>
    items.filter(({ state }) => states.includes(state)).length;
  return {
    scheduled_builds_count: count(all, 'scheduled'),
    running_builds_count: count(all, 'running', 'failing', 'canceling'),
    scheduled_jobs_count: count(jobs, 'scheduled', 'assigned', 'accepted'),
    running_jobs_count: count(jobs, 'running', 'canceling', 'timing_out'),
    waiting_jobs_count: count(jobs, 'waiting'),
  };
}

/** The one organization of the server. */
export function organizationJson(place: PipelinePlace) {
  const url = organizationUrl(place);
  const { webUrl = 'https://buildkite.com', organization } = place;
  return {
    id: '00000000-0000-4000-8000-000000000003',
    graphql_id: 'T3JnYW5pemF0aW9uLS0tc2ltdWxhdG9y',
    url,
    web_url: `${webUrl}/${organization}`,
    name: organization,
    slug: organization,
    pipelines_url: `${url}/pipelines`,
    agents_url: `${url}/agents`,
    emojis_url: `${url}/emojis`,
    created_at: '2026-01-01T00:00:00.000Z',
  };
}
