import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { e2eFolder, findRunner } from '../harness/runners.ts';
import { openRepository, type Repository, source, sourcePath } from './ordered-run.ts';

const page = readFileSync(join(dirname(e2eFolder), 'docs/red-first.md'), 'utf8');
const recipes = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, code]) => code ?? '');

function recipeWith(word: string): string {
  const found = recipes.find((recipe) => recipe.includes(word));
  if (found === undefined) throw new Error(`no recipe has ${word}`);
  return found;
}

/** What stands after `key:` in a recipe, on its line. */
function valuesOf(recipe: string, key: string): string[] {
  return [...recipe.matchAll(new RegExp(`${key}: ([^,}\\s]+)`, 'g'))].map(([, value]) => value ?? '');
}

/** An agent that keeps artifacts in a folder for each build, and hands back one value as meta-data. */
const agentSource = `#!/bin/sh
case "$1 $2" in
  'meta-data get') printf %s "$LAST_BUILD" ;;
  'artifact download') [ -d "$STORE/$6" ] && cp -R "$STORE/$6/." "$4" ;;
  *) exit 2 ;;
esac
`;

it('the recipe with the cache keeps the folder that the history is written to', () => {
  const recipe = recipeWith('cache#');
  expect(valuesOf(recipe, 'path')).toEqual(valuesOf(recipe, 'PROMISE_FAILURE_HISTORY'));
  // A job that adds to what it has restored must be able to replace it.
  expect(valuesOf(recipe, 'force')).toEqual(['true']);
  expect(valuesOf(recipe, 'restore')).toEqual(valuesOf(recipe, 'save'));
});

it('the recipe with artifacts carries what failed into the next build, and starts without any', () => {
  const recipe = recipeWith('artifact_paths');
  const [history = '', artifacts = ''] = [
    ...valuesOf(recipe, 'PROMISE_FAILURE_HISTORY'),
    ...valuesOf(recipe, 'artifact_paths'),
  ];
  expect(artifacts).toBe(`${history}/*.json`);
  const [, block = ''] = /command: \|\n((?: {6}.*\n)+)/.exec(recipe) ?? [];
  const script = block.replaceAll('$$', '$');

  const repo = openRepository('vitest', 'abcdefgh');
  onTestFinished(() => repo.remove());
  const tools = installTools(repo);
  const build = (id: string, last: string) => {
    const env = {
      ...{ PATH: `${tools}:${process.env.PATH}`, HOME: process.env.HOME, CI: 'true', NO_COLOR: '1' },
      ...{ STORE: join(repo.dir, 'history-store'), LAST_BUILD: last },
      ...{ PROMISE_FAILURE_ORDER: 'red-first', PROMISE_FAILURE_HISTORY: history, BUILDKITE_BUILD_ID: id },
    };
    const run = spawnSync('sh', ['-e', '-c', script], { cwd: repo.dir, env, encoding: 'utf8' });
    // As the agent does behind the command, whatever its status: then the checkout goes.
    cpSync(join(repo.dir, history), join(env.STORE, id, history), { recursive: true });
    expect(readdirSync(join(repo.dir, history)).every((name) => name.endsWith('.json'))).toBe(true);
    repo.git('clean', '-fdxq', '-e', 'history-*', '-e', 'vitest.config.mjs', '-e', 'trace');
    expect(existsSync(join(repo.dir, history))).toBe(false);
    return run;
  };
  repo.commit({ [sourcePath('vitest', 'f')]: source('vitest', 0) });
  const first = build('one', '');
  expect([first.status, first.stderr]).toEqual([1, expect.stringContaining('0 failed lately, of 8')]);
  writeFileSync(join(repo.dir, 'trace'), '');
  const second = build('two', 'one');
  expect(second.stderr).toContain('1 failed lately, of 8 files');
  expect(readFileSync(join(repo.dir, 'trace'), 'utf8')[0]).toBe('f');
});

/** What the script finds on its path beside what every machine has. */
function installTools(repo: Repository): string {
  const tools = join(repo.dir, 'history-tools');
  const vitest = join(findRunner('vitest', e2eFolder).folder, 'vitest.mjs');
  mkdirSync(tools);
  writeFileSync(join(tools, 'buildkite-agent'), agentSource);
  writeFileSync(join(tools, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${vitest}" "$@"\n`);
  for (const name of ['buildkite-agent', 'npx']) chmodSync(join(tools, name), 0o755);
  const config = `export default { test: { reporters: ['@promise-failure/vitest'], maxWorkers: 1 } };\n`;
  writeFileSync(join(repo.dir, 'vitest.config.mjs'), config);
  return tools;
}
