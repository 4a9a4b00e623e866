import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { satisfies } from 'semver';
import { findConfigs, type RunnerConfig } from '../../runner/find-configs.ts';
import type { Check, Finding } from '../finding.ts';
import { readWithoutComments } from '../source-text.ts';

const option = {
  jest: "reporters: ['default', '@promise-failure/jest']",
  vitest: "test: { reporters: ['default', '@promise-failure/vitest'] }",
  playwright: "reporter: [['list'], ['@promise-failure/playwright']]",
  'node-test':
    'node --test --test-reporter=spec --test-reporter-destination=stdout --test-reporter=@promise-failure/node-test --test-reporter-destination=stderr',
} as const;

/** Whether each runner that is configured here names our reporter, and whether that can be loaded. */
export const checkReporters: Check = async ({ folder }) => {
  const configs = findConfigs(folder);
  if (configs.length > 0) return Promise.all(configs.map(checkReporter));
  return [
    {
      ...{ check: 'reporter', status: 'problem' },
      says: `${folder} has no configuration of Jest, Vitest or Playwright, and no script with \`node --test\``,
      todo: 'name the folder of the tests: `npx promise-failure doctor <folder>`',
    },
  ];
};

async function checkReporter({ runner, file }: RunnerConfig): Promise<Finding> {
  const name = `@promise-failure/${runner}`;
  const problem = (says: string, todo: string): Finding => ({
    ...{ check: 'reporter', status: 'problem', says, todo },
  });
  if (!readWithoutComments(file).includes(name)) {
    return problem(`${basename(file)} does not name ${name}`, `add to it: ${option[runner]}`);
  }
  const load = createRequire(file);
  const install = `npm install --save-dev ${name}`;
  let entry: string;
  try {
    entry = load.resolve(name);
  } catch {
    return problem(`${name} is named in ${basename(file)}, and not installed`, install);
  }
  try {
    // As Jest loads it, whose entry gives its reporter later.
    await Object(load(entry)).default;
  } catch (error) {
    return problem(`${name} cannot be loaded: ${firstLine(error)}`, `install it anew: ${install}`);
  }
  const unfit = findUnfitRunner(runner, load.resolve);
  if (unfit !== undefined) return problem(unfit, `install a version of both that fit: ${install}`);
  return { check: 'reporter', status: 'ok', says: `${name} in ${basename(file)}` };
}

/** A version of the runner for which the reporter is not made. */
function findUnfitRunner(runner: keyof typeof option, resolve: (name: string) => string): string | undefined {
  const peer = runner === 'playwright' ? '@playwright/test' : runner;
  try {
    const read = (name: string) => JSON.parse(readFileSync(resolve(`${name}/package.json`), 'utf8'));
    const range: unknown = read(`@promise-failure/${runner}`).peerDependencies?.[peer];
    const version = String(read(peer).version);
    if (typeof range !== 'string' || satisfies(version, range, { includePrerelease: true })) return undefined;
    return `${peer} ${version} is none that @promise-failure/${runner} knows (${range})`;
  } catch {
    // The runner says better than we do that it is not there.
    return undefined;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
