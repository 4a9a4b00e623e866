import { readFlag, resolveConfig } from '@promise-failure/core/command';
import type { Check, Finding } from '../finding.ts';
import { turboLine } from '../turbo-line.ts';

const setIt = 'set PROMISE_FAILURE: "true" in the env of the step';

/** Whether promising is asked for, and whether the other variables can be understood. */
export const checkFlag: Check = async ({ env }) => [readSwitch(env), ...readOptions(env)];

function readSwitch(env: NodeJS.ProcessEnv): Finding {
  const flag = readFlag(env);
  const finding = (status: Finding['status'], says: string, todo?: string): Finding => ({
    ...{ check: 'flag', status, says },
    ...(todo !== undefined && { todo }),
  });
  switch (flag.type) {
    case 'on':
      return finding('ok', 'promising is on');
    case 'dry-run':
      return finding('ok', 'a dry run is asked for: nothing will be sent');
    case 'off':
      return finding('problem', 'PROMISE_FAILURE is false', setIt);
    case 'unset':
      return finding(
        'problem',
        'PROMISE_FAILURE is not set',
        env.TURBO_HASH ? `${setIt}, and ${turboLine}` : setIt,
      );
    case 'invalid': {
      const [{ field, found, expected } = { field: '', found: '', expected: '' }] = flag.problems;
      return finding('problem', `${field} is ${found}`, `set it to ${expected}`);
    }
  }
}

function readOptions(env: NodeJS.ProcessEnv): Finding[] {
  const asked = { ...env, PROMISE_FAILURE: 'dry-run', BUILDKITE_TEST_ENGINE_PROMISE_FAILURE: '' };
  const read = resolveConfig(undefined, asked, { runner: 'jest', exitStatus: 1 });
  if (read.type !== 'invalid') return [];
  return read.problems.map(({ field, found, expected }) => ({
    ...{ check: 'options', status: 'problem', says: `${field} is ${found}` },
    todo: `set it to ${expected}`,
  }));
}
