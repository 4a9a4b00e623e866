import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { e2eFolder, programOf, type RunnerName, runners } from '../harness/runners.ts';
import { type Contestant, openCollectorApi, ours } from './beside.ts';
import { installReporters } from './install-reporters.ts';
import { measure, median, meterSource, type ProcessUsage, type Usage } from './usage.ts';

/** Ratios of a run with one reporter to one with an empty reporter: medians of pairs measured side by side. */
export interface GreenOverhead {
  readonly name: string;
  readonly cpu: number;
  readonly wall: number;
  readonly memory: number;
  /** What the runner's own process took more. */
  readonly more: ProcessUsage;
}

/** How a green run is cut into files. */
export interface GreenShape {
  readonly name: string;
  /** Playwright takes ten times as long for a test as the others, Node.js starts a process for each file. */
  readonly files: Readonly<Record<RunnerName, number>>;
  readonly testsPerFile: number;
  /** Turns of an empty loop in each test: ten millions take some 15 ms. */
  readonly turns: number;
  /** Greatest acceptable ratio of CPU. */
  readonly limit: number;
}

/** What a run pays once, for each of its tests, and for each of its files. */
export const greenShapes: readonly GreenShape[] = [
  {
    name: 'large files',
    files: { jest: 60, vitest: 60, playwright: 20, 'node-test': 20 },
    testsPerFile: 100,
    turns: 0,
    limit: 1.01,
  },
  {
    name: 'many small files',
    files: { jest: 400, vitest: 400, playwright: 400, 'node-test': 100 },
    testsPerFile: 2,
    turns: 0,
    limit: 1.015,
  },
  {
    name: 'many small files at work',
    files: { jest: 200, vitest: 200, playwright: 200, 'node-test': 60 },
    testsPerFile: 2,
    turns: 10_000_000,
    limit: 1.01,
  },
];

const passingTests: Readonly<Record<RunnerName, { readonly path: string; readonly source: string }>> = {
  jest: { path: 'green-#.test.cjs', source: '' },
  vitest: { path: 'green-#.test.mjs', source: `import { expect, test } from 'vitest';\n` },
  playwright: { path: 'green-#.spec.mjs', source: `import { expect, test } from '@playwright/test';\n` },
  'node-test': {
    path: 'green-#.test.cjs',
    source: `const assert = require('node:assert');
const { test } = require('node:test');
const expect = (value) => ({ toBeGreaterThan: (other) => assert(value > other) });\n`,
  },
};

/** Passing tests, inside a job and switched on, with each reporter and with an empty one, in turn. */
export async function measureGreen(
  runner: RunnerName,
  shape: GreenShape,
  pairs: number,
  contestants: readonly Contestant[] = [ours(runner)],
): Promise<GreenOverhead[]> {
  const base = join(e2eFolder, '.tmp', `bench-green-${runner}`);
  const dir = join(base, 'project');
  const everyone = [{ name: 'empty', reporter: ['empty-reporter', {}] }, ...contestants];
  const configs = writeProject(runner, shape, dir, everyone);
  const modules = join(base, 'node_modules');
  installReporters(runner, modules);
  installEmptyReporter(runner, modules);
  const collector = await openCollectorApi();
  const run = (config: string) =>
    measure([...programOf(runner, e2eFolder), ...runnerArgs(runner, config)], {
      cwd: dir,
      meter: join(dir, 'meter.mjs'),
      env: {
        ...collector.env,
        ...{ CI: 'true', PROMISE_FAILURE: 'true', BUILDKITE: 'true', BUILDKITE_JOB_ID: 'bench' },
      },
    });
  try {
    for (const config of configs) await run(config);
    const usages: Usage[][] = configs.map(() => []);
    for (let pair = 0; pair < pairs; pair++) {
      // Forth and back in turn, so that nobody gains from a machine that warms up.
      const turn = [...configs.keys()];
      for (const at of pair % 2 === 0 ? turn : turn.reverse()) usages[at]?.push(await run(configs[at] ?? ''));
    }
    const [empty = [], ...theirs] = usages;
    return contestants.map(({ name }, at) => {
      const ratio = (of: (usage: Usage) => number) =>
        median(empty.map((usage, pair) => of(theirs[at]?.[pair] ?? usage) / of(usage)));
      const more = (of: (usage: Usage) => number) =>
        median(empty.map((usage, pair) => of(theirs[at]?.[pair] ?? usage) - of(usage)));
      return {
        name,
        cpu: ratio((usage) => usage.cpuMs),
        wall: ratio((usage) => usage.wallMs),
        memory: ratio((usage) => usage.peakMiB),
        more: {
          cpuMs: more(({ own }) => own.cpuMs),
          peakMiB: more(({ own }) => own.peakMiB),
          heldMiB: more(({ own }) => own.heldMiB),
        },
      };
    });
  } finally {
    collector.close();
    rmSync(base, { recursive: true, force: true });
  }
}

/** In one process: the reporter's share is largest there, and no idle worker adds noise. */
function runnerArgs(runner: RunnerName, config: string): readonly string[] {
  if (runner !== 'node-test') return [...runners[runner].args, '--config', config];
  return [
    '--test',
    '--test-concurrency=1',
    `--test-reporter=./${config}`,
    '--test-reporter-destination=stderr',
  ];
}

/** Gives the configuration's file for each of them. */
function writeProject(
  runner: RunnerName,
  shape: GreenShape,
  dir: string,
  contestants: readonly Contestant[],
): string[] {
  const { path, source } = passingTests[runner];
  const work = `for (let i = 0, sum = 0; i < ${shape.turns}; i++) sum += i % 7;`;
  const tests = `for (let n = 0; n < ${shape.testsPerFile}; n++) test('adds ' + n, () => { ${work} expect(n + 1).toBeGreaterThan(n); });\n`;
  const { reporters, config } = runners[runner];
  // In one process: the reporter's share is largest there, and no idle worker adds noise.
  const single = {
    jest: 'maxWorkers: 1',
    vitest: 'maxWorkers: 1, pool: "threads"',
    playwright: 'workers: 1',
    'node-test': '',
  };
  const configure = ({ reporter, extra = '{}' }: Contestant) =>
    runner === 'node-test'
      ? `export { default } from ${JSON.stringify([reporter].flat()[0])};\n`
      : `const reporters = ${JSON.stringify([...reporters, reporter])};\n${config(`{ ${single[runner]}, ...${extra} }`)}`;
  const configs = contestants.map(
    (contestant) => [`${contestant.name}.config.mjs`, configure(contestant)] as const,
  );
  const list: Record<string, string> = {
    'package.json': '{ "private": true }\n',
    'meter.mjs': meterSource,
    ...Object.fromEntries(configs),
  };
  for (let n = 0; n < shape.files[runner]; n++) list[path.replace('#', String(n))] = source + tests;
  mkdirSync(dir, { recursive: true });
  for (const [name, content] of Object.entries(list)) {
    writeFileSync(join(dir, name), content);
  }
  return configs.map(([name]) => name);
}

function installEmptyReporter(runner: RunnerName, modules: string): void {
  const empty = join(modules, 'empty-reporter');
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, 'package.json'), '{ "type": "module", "exports": "./index.js" }\n');
  const source =
    runner === 'node-test' ? 'async function* (events) { for await (const _ of events); }' : 'class {}';
  writeFileSync(join(empty, 'index.js'), `export default ${source}\n`);
}
