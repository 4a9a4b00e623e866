import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJob } from '../harness/job.ts';
import { entriesOf, type Packed, packAll, readManifest } from '../harness/pack.ts';
import { type ConfiguredRunner, type RunnerName, runners } from '../harness/runners.ts';
import { installNode } from './install.ts';
import { installPacked, type Manager, type Project } from './install-packed.ts';
import { vitest5 } from './versions.ts';

const mode = process.env.PF_MATRIX;

interface Runner {
  readonly runner: RunnerName;
  readonly packages: Readonly<Record<string, string>>;
  /** What Node.js is given to start it. */
  command(project: Project): readonly string[];
  /** The configuration, where it has one, and a test file. */
  readonly files: Readonly<Record<string, string>>;
  /** The oldest major of Node.js that it runs on, where that is not the oldest of ours. */
  readonly node?: string;
}

/** Longer than a run needs that promises early; the promise itself is not waited for. */
const tests = `test('fails', () => { if (!process.env.GREEN) throw new Error('no'); });
test('is slow', () => new Promise((resolve) => setTimeout(resolve, 1500)));\n`;

/** `bin`: name of its command. */
function configured(
  runner: ConfiguredRunner,
  packages: Readonly<Record<string, string>>,
  bin: string,
  test: Readonly<Record<string, string>>,
): Runner {
  const { packageName, bin: path, args, configFile, config, reporters } = runners[runner];
  const list = JSON.stringify([...reporters, [`@promise-failure/${runner}`, {}]]);
  return {
    ...{ runner, packages },
    command: (project) => [...project.command(bin, packageName, path), ...args],
    files: { ...test, [configFile]: `const reporters = ${list};\n${config('{}')}` },
  };
}

const jest = (version: string) => configured('jest', { jest: version }, 'jest', { 'a.test.js': tests });
const vitest = (version: string, others = {}) =>
  configured('vitest', { vitest: version, ...others }, 'vitest', {
    'a.test.mjs': `import { test } from 'vitest';\n${tests}`,
  });
const playwright = (version: string) =>
  configured('playwright', { '@playwright/test': version }, 'playwright', {
    'a.spec.mjs': `import { test } from '@playwright/test';\n${tests}`,
  });
const nodeTest = (node: string): Runner => ({
  ...{ runner: 'node-test', packages: {}, node },
  command: () => [
    ...runners['node-test'].args,
    ...['--test-reporter=@promise-failure/node-test', '--test-reporter-destination=stderr'],
  ],
  files: { 'a.test.mjs': `import { test } from 'node:test';\n${tests}` },
});

interface Cell extends Runner {
  readonly manager: Manager;
  readonly nodes: readonly (string | undefined)[];
}

const within = (manager: Manager, runner: Runner): Cell => ({ ...runner, manager, nodes: [runner.node] });

/** The oldest and the newest of each runner. */
const ends: Readonly<Record<RunnerName, readonly [Runner, Runner]>> = {
  jest: [jest('^28'), jest('^30')],
  // Vite is a peer of Vitest 5, and Yarn installs no peers.
  vitest: [vitest('^3'), { ...vitest(vitest5, { vite: '^7' }), node: '22' }],
  playwright: [playwright('~1.40.0'), playwright('^1.65')],
  'node-test': [nodeTest('20'), nodeTest('26')],
};
const managers = ['npm', 'pnpm', 'yarn'] as const;
const all = Object.values(ends).flatMap((two) =>
  managers.flatMap((one) => two.map((runner) => within(one, runner))),
);

/** Each package manager and each runner once. */
const sample = [
  within('npm', ends.jest[0]),
  within('pnpm', ends.vitest[1]),
  within('yarn', ends.playwright[1]),
  within('npm', ends['node-test'][1]),
];

/** With the oldest Node.js and a newer one: Yarn's loader is another in each. */
const pnp = (of: readonly Runner[]) =>
  of.map((runner) => ({ ...within('yarn-pnp', runner), nodes: [runner.node, '24'] }));
// Not with the newest Vite: Yarn gives up where an optional dependency is not in the registry, which npm leaves out.
const between = [
  ...[jest('^28'), jest('^29'), jest('^30')],
  ...[vitest('^4', { vite: '^7' }), playwright('^1.65')],
];
const underPnp = pnp(mode === 'sample' ? between : [...between, ...ends.vitest, ends.playwright[0]]);

const muted = `- { scope: '*', name: fails }\n`;

// To install takes minutes, so `pnpm test:matrix` alone does.
describe.runIf(mode)('what is published', () => {
  let folder: string;
  let packed: readonly Packed[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pf-packed-'));
    packed = packAll(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each([...(mode === 'sample' ? sample : all), ...underPnp])(
    '$runner $packages, installed with $manager',
    ({ manager, runner, packages, command, files, nodes }) => {
      let project: Project;
      beforeAll(() => {
        project = installPacked(manager, packed, [`@promise-failure/${runner}`], packages);
        write(project, { ...files, 'muted.yml': muted });
      }, 300_000);
      afterAll(() => project.remove());

      const run = async (node: string | undefined, env: Record<string, string>) => {
        const job = await openJob(() => {});
        try {
          const { code, stderr } = await start(project, node, command(project), {
            ...job.processEnv(machineOf(node)),
            ...{ PROMISE_FAILURE: 'true', ...env },
          });
          const said = stderr.split('\n').filter((line) => line.includes('promise-failure'));
          return { code, ours: said, promised: job.promises.map(({ exitStatus }) => exitStatus) };
        } finally {
          await job.close();
        }
      };

      it.each(nodes)(
        'promises, reads a list of muted tests, and is silent when green: Node %s',
        async (node) => {
          const failing = await run(node, {});
          expect(failing, failing.ours.join('\n')).toMatchObject({ code: 1, promised: [1] });
          const held = await run(node, { PROMISE_FAILURE_MUTED_FILE: 'muted.yml' });
          expect(held).toMatchObject({ code: 1, promised: [] });
          expect(held.ours.join('\n')).toContain('0 hard, 1 muted');
          expect(await run(node, { GREEN: 'yes' })).toEqual({ code: 0, ours: [], promised: [] });
        },
      );
    },
  );

  const pipeline = `steps:\n  - { label: Tests, command: "buildkite-agent job promise-failure 1; exit 1" }\n`;

  describe.each(mode === 'sample' ? (['pnpm'] as const) : ([...managers, 'yarn-pnp'] as const))(
    'all that needs no runner, installed with %s',
    (manager) => {
      let project: Project;
      let needsNoRunner: readonly Packed[];
      beforeAll(() => {
        needsNoRunner = packed.filter((one) => readManifest(one.folder).peerDependencies === undefined);
        const names = needsNoRunner.map(({ name }) => name);
        project = installPacked(manager, packed, names, {});
      }, 300_000);
      afterAll(() => project.remove());
      const run = (command: readonly string[]) => start(project, undefined, command, machineOf(undefined));

      it('can be imported', async () => {
        const entries = needsNoRunner.flatMap(({ folder }) => entriesOf(readManifest(folder)));
        expect(entries).toContain('@promise-failure/core');
        write(project, { 'use.mjs': entries.map((entry) => `import '${entry}';\n`).join('') });
        expect(await run(project.script('use.mjs'))).toMatchObject({ code: 0, stderr: '' });
      });

      it('shows a promise in a local Buildkite, by its command', async () => {
        write(project, { 'pipeline.yml': pipeline });
        const path = 'bin/promise-failure-simulator.js';
        const command = project.command('promise-failure-simulator', '@promise-failure/simulator', path);
        const { code, stdout } = await run([...command, 'run', 'pipeline.yml', '--expect', 'failed']);
        expect({ code, stdout }).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('PROMISED exit 1'),
        });
      });

      it('runs the command of the whole', async () => {
        const command = project.command('promise-failure', 'promise-failure', 'bin/promise-failure.js');
        expect(await run([...command, '--version'])).toMatchObject({
          code: 0,
          stdout: '0.0.0\n',
          stderr: '',
        });
        const exit = [process.execPath, '-e', 'process.exit(3)'];
        expect(await run([...command, 'run', '--', ...exit])).toMatchObject({ code: 3 });
      });
    },
  );
});

function write({ folder }: Project, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
}

const binOf = (node: string | undefined) => (node === undefined ? process.execPath : installNode(node));

/** What a process is given of this machine, and nothing of the job that may be running the matrix. */
function machineOf(node: string | undefined): Record<string, string> {
  const { HOME = '', TMPDIR = '', PATH = '' } = process.env;
  return { PATH: `${dirname(binOf(node))}${delimiter}${PATH}`, HOME, TMPDIR, NO_COLOR: '1' };
}

async function start(
  { folder }: Project,
  node: string | undefined,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(binOf(node), command, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  return { code, ...said };
}
