import { lookForChange } from '@promise-failure/order';
import { findConfigs } from '../../runner/find-configs.ts';
import type { Check } from '../finding.ts';
import { readWithoutComments } from '../source-text.ts';

/** Whether git tells what has changed, where the order of tests is to go by it. */
export const checkOrder: Check = async ({ env, folder }) => {
  const isAsked =
    env.PROMISE_FAILURE_ORDER === 'red-first' ||
    findConfigs(folder).some(({ file }) => readWithoutComments(file).includes('red-first'));
  if (!isAsked) return [];
  const change = await lookForChange(folder, env);
  if (change.type === 'known') {
    const files = change.files.length === 1 ? '1 file' : `${change.files.length} files`;
    return [{ check: 'order', status: 'ok', says: `${files} changed since ${change.since}` }];
  }
  return [
    {
      ...{ check: 'order', status: 'problem' },
      says: `red first does without the change: ${change.because}`,
      todo: 'fetch what is missing before the tests: `git fetch --unshallow origin` in a shallow clone, `git fetch origin <base>` for a branch, or name it in PROMISE_FAILURE_BASE',
    },
  ];
};
