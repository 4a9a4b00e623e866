import { checkMuted, type MutedCheck, resolveConfig } from '@promise-failure/core/command';
import type { Check, Finding } from '../finding.ts';
import { seeLayers } from './layers.ts';

/** Whether the lists of muted tests that the variables name can be had: without them nothing is promised. */
export const checkMutedSources: Check = async (place) => {
  const { env, folder: cwd, signal } = place;
  const asked = { ...env, PROMISE_FAILURE: 'dry-run' };
  const read = resolveConfig(undefined, asked, { runner: 'jest', exitStatus: 1 });
  if (read.type !== 'on') return [];
  const { bktec } = seeLayers(place);
  return (await checkMuted(read.config, env, { bktec, cwd }, signal)).map(tell);
};

function tell(each: MutedCheck): Finding {
  if ('entries' in each) {
    const tests = each.entries === 1 ? '1 entry' : `${each.entries} entries`;
    return { check: 'muted', status: 'ok', says: `${each.source}: ${tests}` };
  }
  return {
    ...{ check: 'muted', status: 'problem' },
    says: `${each.source} cannot be had: ${each.problem}`,
    todo: 'make it readable from here, or set PROMISE_FAILURE_MUTED_SUITE=none if it has nothing to do with these tests; until then nothing is promised',
  };
}
