/** A pipeline of an organization, by their slugs. */
export interface PipelineAddress {
  readonly organization: string;
  readonly pipeline: string;
}

/** A build of a pipeline, by its number: a build id in its parts. */
export interface BuildAddress extends PipelineAddress {
  readonly number: number;
}

/** Where a pipeline's builds are listed and created. */
export function buildsPath({ organization, pipeline }: PipelineAddress): string {
  return `/organizations/${encodeURIComponent(organization)}/pipelines/${encodeURIComponent(pipeline)}/builds`;
}

/** Where one build is. */
export function buildPath(address: BuildAddress): string {
  return `${buildsPath(address)}/${address.number}`;
}
