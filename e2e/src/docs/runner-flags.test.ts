import { execFileSync } from 'node:child_process';
import type { Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { e2eFolder, programOf, type RunnerName } from '../harness/runners.ts';
import { isCode, readPages } from './pages.ts';

/** How a runner is called, and what makes it tell its flags. */
const called: Readonly<Record<RunnerName, { readonly as: string; readonly help: readonly string[] }>> = {
  jest: { as: 'jest', help: ['--help'] },
  vitest: { as: 'vitest', help: ['--help'] },
  playwright: { as: 'playwright test', help: ['test', '--help'] },
  'node-test': { as: 'node --test', help: ['--help'] },
};

const names = Object.keys(called) as RunnerName[];

/** The flags behind each call of a runner in a text, its shell's own words left out. */
function flagsIn(runner: RunnerName, text: string): readonly string[] {
  const call = new RegExp(`(?:^|[\\s"'\`])${called[runner].as}(?= )([^"\`|&\\n#]*)`, 'gm');
  return [...text.replaceAll('\\\n', ' ').matchAll(call)].flatMap(([, rest = '']) =>
    [...rest.matchAll(/(?<=\s)--?[a-z][\w-]*/gi)].map(([flag]) => flag),
  );
}

function unknownFlags(runner: RunnerName, flags: readonly string[]): readonly string[] {
  const args = [...programOf(runner, e2eFolder), ...called[runner].help];
  const told = execFileSync(process.execPath, args, { cwd: e2eFolder, encoding: 'utf8' });
  return flags.filter((flag) => !new RegExp(`(?<![\\w-])${flag}(?![\\w-])`).test(told));
}

/** Code alone: a sentence may speak of a runner and of a flag of ours. */
const codeOfPages = readPages().flatMap(({ path, tokens }) =>
  tokens.flatMap((token) => {
    if (!isCode(token) && token.type !== 'codespan') return [];
    return [{ path, text: (token as Tokens.Code | Tokens.Codespan).text }];
  }),
);

describe('the flags of runners on the pages', { timeout: 60_000 }, () => {
  it.each(names)('are flags of %s', (runner) => {
    const flags = codeOfPages.flatMap(({ text }) => flagsIn(runner, text));
    expect(flags.length).toBeGreaterThan(0);
    expect(unknownFlags(runner, [...new Set(flags)])).toEqual([]);
  });

  it.each([
    ['jest', 'npx jest --runTestByPath a.test.js # --so', ['--runTestByPath']],
    ['vitest', 'CMD="npx vitest run --reporters=json" && ls --all', ['--reporters']],
    ['playwright', 'npx playwright test --shards=1/2', ['--shards']],
    ['node-test', 'node --test --test-reporter=spec \\\n  --test-reporters=a', ['--test-reporters']],
  ] as const)('would be seen if they were none: %s', (runner, text, unknown) => {
    expect(unknownFlags(runner, flagsIn(runner, text))).toEqual(unknown);
  });
});
