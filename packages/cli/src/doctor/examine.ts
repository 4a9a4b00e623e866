import { checkFlag } from './checks/flag.ts';
import { checkJob } from './checks/job.ts';
import { checkLayers } from './checks/layers.ts';
import { checkMutedSources } from './checks/muted.ts';
import { checkOrder } from './checks/order.ts';
import { checkOrganization } from './checks/organization.ts';
import { checkReporters } from './checks/reporter.ts';
import { checkTurbo } from './checks/turbo.ts';
import { checkWays } from './checks/ways.ts';
import type { Check, Finding, Place } from './finding.ts';

const checks: readonly Check[] = [
  checkFlag,
  checkJob,
  checkWays,
  checkOrganization,
  checkReporters,
  checkTurbo,
  checkLayers,
  checkMutedSources,
  checkOrder,
];

/** All looks at once; the findings in the order in which a promise meets what they tell of. */
export async function examine(place: Place): Promise<readonly Finding[]> {
  return (await Promise.all(checks.map((check) => check(place)))).flat();
}

/** True where nothing stands in the way. */
export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== 'problem');
}
