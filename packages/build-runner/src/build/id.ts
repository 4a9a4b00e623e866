import type { BuildAddress, PipelineAddress } from '../rest/paths.ts';
import type { BuildId } from './build.ts';

const slug = '[A-Za-z0-9][A-Za-z0-9._-]*';
const forms = [
  new RegExp(`^(${slug})/(${slug})/(\\d+)$`),
  new RegExp(`^https?://[^/]+/(${slug})/(${slug})/builds/(\\d+)(?:[/?#].*)?$`),
  new RegExp(`^https?://[^/]+/v2/organizations/(${slug})/pipelines/(${slug})/builds/(\\d+)(?:[/?#].*)?$`),
];

/**
 * Reads `<organization>/<pipeline>/<number>`, a build's page or its REST address; undefined for anything else.
 */
export function parseBuildAddress(text: string): BuildAddress | undefined {
  for (const form of forms) {
    const [, organization, pipeline, digits] = form.exec(text.trim()) ?? [];
    const number = Number(digits);
    if (organization && pipeline && Number.isSafeInteger(number) && number > 0) {
      return { organization, pipeline, number };
    }
  }
  return undefined;
}

const pipelineForms = [
  new RegExp(`^(${slug})/(${slug})$`),
  new RegExp(`^https?://[^/]+/(${slug})/(${slug})(?:/builds)?/?(?:[?#].*)?$`),
];

/** Reads `<organization>/<pipeline>` or a pipeline's page; undefined for anything else. */
export function parsePipelineAddress(text: string): PipelineAddress | undefined {
  for (const form of pipelineForms) {
    const [, organization, pipeline] = form.exec(text.trim()) ?? [];
    if (organization && pipeline) return { organization, pipeline };
  }
  return undefined;
}

/** The id of the build at this address. */
export function formatBuildId({ organization, pipeline, number }: BuildAddress): BuildId {
  return `${organization}/${pipeline}/${number}`;
}

/** Reads a build's id, page or REST address into its id; throws a TypeError for anything else. */
export function toBuildId(text: string): BuildId {
  return formatBuildId(addressOf(text));
}

/** As `parseBuildAddress`, but throws a TypeError that says what would be right. */
export function addressOf(text: string): BuildAddress {
  const address = parseBuildAddress(text);
  if (address !== undefined) return address;
  throw new TypeError(
    `not a build: ${JSON.stringify(text.slice(0, 200))}; give its URL or <organization>/<pipeline>/<number>`,
  );
}
