import { readHistory } from '@promise-failure/build-runner';
import { explainTrouble } from '../../rest/explain.ts';
import { readRest } from '../../rest/read-rest.ts';
import type { Check, Finding } from '../finding.ts';

/**
 * Whether the organization has promised failures enabled. Nothing but a promise is answered by that, so an earlier one
 * is looked for, where a token allows it.
 */
export const checkOrganization: Check = async ({ env, signal }) => {
  const { BUILDKITE_ORGANIZATION_SLUG: organization, BUILDKITE_PIPELINE_SLUG: pipeline } = env;
  if (!organization || !pipeline) return [];
  const finding = (status: Finding['status'], says: string): Finding[] => [
    { check: 'organization', status, says },
  ];
  if (!env.BUILDKITE_API_TOKEN) {
    return finding(
      'note',
      `whether ${organization} has promised failures enabled shows only with the first promise (404: it has not), or with BUILDKITE_API_TOKEN`,
    );
  }
  try {
    const page = await readHistory(readRest(undefined, env), { organization, pipeline }, signal).next();
    const builds = page.value ?? [];
    const promising = builds.find(({ jobs }) => jobs.some(({ promised }) => promised !== undefined));
    return promising === undefined
      ? finding(
          'note',
          `no promise in the last ${builds.length} builds: whether they are enabled is not known`,
        )
      : finding('ok', `${organization} has promised failures enabled: ${promising.id} has one`);
  } catch (error) {
    return finding('note', explainTrouble(error, `${organization}/${pipeline}`));
  }
};
