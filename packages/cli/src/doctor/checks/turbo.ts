import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Check } from '../finding.ts';
import { readWithoutComments } from '../source-text.ts';
import { turboLine } from '../turbo-line.ts';

/** Whether Turborepo's strict mode would keep the job's variables from its tasks, where it runs tests. */
export const checkTurbo: Check = async ({ env, folder }) => {
  // Inside of a task the variables themselves show it.
  const file = env.TURBO_HASH ? undefined : findTurboJson(folder);
  if (file === undefined) return [];
  const text = readWithoutComments(file);
  if (!/"[^"]*test[^"]*"\s*:\s*\{/i.test(text)) return [];
  const isLoose = /"envMode"\s*:\s*"loose"/.test(text) || env.TURBO_ENV_MODE === 'loose';
  const passes = /"(BUILDKITE_?)?\*"/.test(text) && /"(PROMISE_FAILURE)?\*"|"PROMISE_FAILURE"/.test(text);
  if (isLoose || passes) {
    return [{ check: 'turbo', status: 'ok', says: `${file} hands the job’s variables on` }];
  }
  // Where a script says so, the step's tests go through it, and else they may.
  const scripts = readWithoutComments(join(dirname(file), 'package.json'));
  const status = /"[^"]*test[^"]*"\s*:\s*"[^"]*\bturbo\b/i.test(scripts) ? 'problem' : 'note';
  const says = `${file} keeps the job’s variables from tests that turbo runs (strict mode)`;
  return [{ check: 'turbo', status, says, todo: turboLine }];
};

function findTurboJson(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = ['turbo.json', 'turbo.jsonc']
      .map((name) => join(at, name))
      .find((file) => existsSync(file));
    // A package's own file extends the one at the top.
    if (found !== undefined && !/"extends"\s*:/.test(readWithoutComments(found))) return found;
    if (dirname(at) === at) return undefined;
  }
}
