/** Where a pipeline's builds are: what REST and webhooks need to name them. */
export interface PipelinePlace {
  readonly organization: string;
  readonly pipeline: string;
  /** Base of the REST addresses in answers. @default https://api.buildkite.com/v2 */
  readonly apiUrl?: string | undefined;
  /** Base of the pages in answers. @default https://buildkite.com */
  readonly webUrl?: string | undefined;
}

/** The REST address of the organization. */
export function organizationUrl({
  apiUrl = 'https://api.buildkite.com/v2',
  organization,
}: PipelinePlace): string {
  return `${apiUrl}/organizations/${organization}`;
}

/** The REST address of the pipeline. */
export function pipelineUrl(place: PipelinePlace): string {
  return `${organizationUrl(place)}/pipelines/${place.pipeline}`;
}

/** The REST address of a build. */
export function buildUrl(number: number, place: PipelinePlace): string {
  return `${pipelineUrl(place)}/builds/${number}`;
}

/** The page of the pipeline. */
export function pipelineWebUrl({
  webUrl = 'https://buildkite.com',
  organization,
  pipeline,
}: PipelinePlace): string {
  return `${webUrl}/${organization}/${pipeline}`;
}

/** The page of a build. */
export function buildWebUrl(number: number, place: PipelinePlace): string {
  return `${pipelineWebUrl(place)}/builds/${number}`;
}
