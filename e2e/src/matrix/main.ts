import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { e2eFolder } from '../harness/runners.ts';
import { installNode, installRunner } from './install.ts';
import { sampleRows, type Target, targets } from './versions.ts';

const randomRuns = '100';

const help = `Usage: pnpm test:matrix [--sample] [words]

Runs what is published in projects that have installed it, the scenario tables on other versions of the runners and
of Node.js, and many random projects.
  --sample  a sample of the rows on every version and of the installed projects, instead of all of them
  words     only the cells whose name contains one of them: installed, jest@28, "playwright@newest node@24"
`;

/** Runs the cells whose name contains one of the words on the command line, or all of them. */
function main(): void {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2).filter((word) => word !== '--'),
    allowPositionals: true,
    options: {
      sample: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const cells = [
    ...ownTests.map((test) => cellOfTest(test, values.sample)),
    ...targets.map((target) => cellOfTarget(target, values.sample)),
  ];
  const selected = cells.filter(
    (cell) => positionals.length === 0 || positionals.some((word) => cell.name.includes(word)),
  );
  if (selected.length === 0) throw new Error(`No cell has ${positionals.join(' or ')} in its name`);
  const results = selected.map(({ name, run }) => {
    process.stdout.write(`\n=== ${name}\n`);
    const started = Date.now();
    const status = run();
    return `${status === 0 ? 'passed' : 'FAILED'}  ${name}  ${Math.round((Date.now() - started) / 1000)} s`;
  });
  process.stdout.write(`\n${results.join('\n')}\n`);
  process.exitCode = results.some((line) => line.startsWith('FAILED')) ? 1 : 0;
}

/** Tests of this folder, which install for themselves. */
const ownTests = ['installed', 'threads'];

interface Cell {
  readonly name: string;
  /** Gives the exit status. */
  run(): number;
}

function cellOfTest(test: string, sample: boolean): Cell {
  const run = () => runVitest([`src/matrix/${test}.test.ts`], { PF_MATRIX: sample ? 'sample' : 'all' });
  return { name: test, run };
}

function cellOfTarget(given: Target, sample: boolean): Cell {
  const target = sample && given.rows === 'all' ? { ...given, rows: 'sample' as const } : given;
  const { runner, label, node, rows } = target;
  return {
    name: `${runner}@${label} node@${node ?? process.versions.node} ${rows}`,
    run: () => runTarget(target),
  };
}

function runTarget(target: Target): number {
  const { runner, label, packages, node } = target;
  let installed: Record<string, string>;
  try {
    installed = {
      ...(packages && runner !== 'node-test' && { PF_RUNNER_DIR: installRunner(runner, label, packages) }),
      ...(node && { PF_NODE_BIN: installNode(node) }),
    };
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
    return 1;
  }
  return runVitest(
    suitesOf(target).map((suite) => `src/${suite}.${runner}.test.ts`),
    {
      ...installed,
      PF_LABEL: label,
      PF_RANDOM_RUNS: process.env.PF_RANDOM_RUNS ?? randomRuns,
      ...(target.rows === 'sample' ? { PF_ROWS: sampleRows.join(',') } : {}),
    },
  );
}

function runVitest(files: readonly string[], env: Readonly<Record<string, string>>): number {
  const vitest = join(e2eFolder, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...files], {
    cwd: e2eFolder,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return status ?? 1;
}

function suitesOf({ runner, rows, node }: Target): readonly string[] {
  switch (rows) {
    case 'all':
      return [
        ...['scenarios/scenarios', 'scenarios/bare', 'traces/trace'],
        runner === 'node-test' ? 'finality/finality' : 'order/order',
      ];
    case 'sample':
      return ['scenarios/scenarios', 'scenarios/bare', ...(node === undefined ? ['traces/trace'] : [])];
    case 'random':
      return ['random/random'];
    case 'order':
      return ['order/order'];
  }
}

main();
