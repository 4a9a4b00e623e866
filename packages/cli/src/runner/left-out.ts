import { basename } from 'node:path';
import { isAskedFor, isBktec } from '@promise-failure/core/job';

type Env = Readonly<Record<string, string | undefined>>;

/** The flag by which each runner is given reporters, in place of all that its configuration names. */
const flags = { jest: '--reporters', vitest: '--reporter', playwright: '--reporter' } as const;

/**
 * Says that a command leaves our reporter out, and what to add; `undefined` where nothing of the kind is seen. Told
 * beforehand, because such a run is silent: no reporter of ours is there to say why nothing is promised.
 */
export function leftOut(command: readonly string[], env: Env): string | undefined {
  if (!isAskedFor(env)) return undefined;
  const at = command.findIndex(isBktec);
  if (at !== -1) return inBktec(command.slice(at + 1), env);
  const isNodeTest = command.some((word) => basename(word) === 'node') && command.includes('--test');
  return isNodeTest ? inNodeTest(command, env) : inRunner(command);
}

function inRunner(words: readonly string[]): string | undefined {
  const runner = (['jest', 'vitest', 'playwright'] as const).find((name) =>
    words.some((word) => basename(word) === name),
  );
  if (runner === undefined) return undefined;
  const flag = flags[runner];
  const named = words.some((word) => word === flag || word.startsWith(`${flag}=`));
  if (!named || words.some((word) => word.includes('promise-failure'))) return undefined;
  return `nothing will be promised, because ${flag} replaces the reporters of the configuration: add ${flag}=@promise-failure/${runner}`;
}

/** It has no configuration: each command names its reporters. A file of the user's may be made with ours. */
function inNodeTest(words: readonly string[], env: Env): string | undefined {
  const reporters = words.flatMap((word, at) => {
    const flag = /^--test-reporter(?:=(.*))?$/.exec(word);
    return flag === null ? [] : [flag[1] ?? words[at + 1] ?? ''];
  });
  const own = reporters.some((name) => !/^(spec|tap|dot|junit|lcov)$/.test(name));
  if (own || env.NODE_OPTIONS?.includes('--test-reporter')) return undefined;
  const spec = reporters.length > 0 ? '' : '--test-reporter=spec --test-reporter-destination=stdout ';
  return `nothing will be promised, because \`node --test\` is given no reporter of ours: add ${spec}--test-reporter=@promise-failure/node-test --test-reporter-destination=stderr`;
}

/** Source of the defaults: buildkite/test-engine-client internal/runner/vitest.go, 3.0. */
const defaults = {
  TEST_CMD: 'npx vitest run {{testExamples}} --reporter=default --reporter=json --outputFile {{resultPath}}',
  RETRY_CMD:
    "npx vitest run --testNamePattern '{{testNamePattern}}' --reporter=default --reporter=json --outputFile {{resultPath}}",
};

function inBktec(words: readonly string[], env: Env): string | undefined {
  const read = (flag: string, name: string) => flagValue(words, flag) ?? env[`BUILDKITE_TEST_ENGINE_${name}`];
  if (words[0] !== 'run' || read('test-runner', 'TEST_RUNNER') !== 'vitest') return undefined;
  const retries = Number(read('test-engine-retry-count', 'RETRY_COUNT') ?? 0) > 0;
  const given = {
    TEST_CMD: read('test-command', 'TEST_CMD'),
    ...(retries && { RETRY_CMD: read('retry-command', 'RETRY_CMD') }),
  };
  for (const [name, command] of Object.entries(given)) {
    const standard = defaults[name as keyof typeof defaults];
    if (inRunner((command || standard).split(/\s+/)) === undefined) continue;
    const better = standard.replace(' --outputFile', ' --reporter=@promise-failure/vitest --outputFile');
    return `nothing will be promised, because bktec's command names reporters and none of ours: set BUILDKITE_TEST_ENGINE_${name}="${better}"`;
  }
  return undefined;
}

function flagValue(words: readonly string[], flag: string): string | undefined {
  const at = words.findIndex((word) => word === `--${flag}` || word.startsWith(`--${flag}=`));
  return at === -1 ? undefined : (words[at]?.split(/=(.*)/s)[1] ?? words[at + 1]);
}
