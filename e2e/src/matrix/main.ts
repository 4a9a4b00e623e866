import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { e2eFolder } from '../harness/runners.ts';
import { installNode, installRunner } from './install.ts';
import { sampleRows, type Target, targets } from './versions.ts';

const randomRuns = '100';

const help = `Usage: pnpm test:matrix [--sample] [words]

Runs the scenario tables on other versions of the runners and of Node.js, and many random projects.
  --sample  a sample of the rows on every version, instead of all of them
  words     only the cells whose name contains one of them: jest@28, "playwright@newest node@24"
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
  const selected = targets
    .filter((target) => positionals.length === 0 || positionals.some((word) => name(target).includes(word)))
    .map((target) =>
      values.sample && target.rows === 'all' ? { ...target, rows: 'sample' as const } : target,
    );
  const results = selected.map((target) => {
    const started = Date.now();
    const status = runTarget(target);
    return `${status === 0 ? 'passed' : 'FAILED'}  ${name(target)}  ${Math.round((Date.now() - started) / 1000)} s`;
  });
  process.stdout.write(`\n${results.join('\n')}\n`);
  process.exitCode = results.some((line) => line.startsWith('FAILED')) ? 1 : 0;
}

function name({ runner, label, node, rows }: Target): string {
  return `${runner}@${label} node@${node ?? process.versions.node} ${rows}`;
}

function runTarget(target: Target): number {
  process.stdout.write(`\n=== ${name(target)}\n`);
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
  const suites = suitesOf(target);
  const vitest = join(e2eFolder, 'node_modules', 'vitest', 'vitest.mjs');
  const files = suites.map((suite) => `src/${suite}.${runner}.test.ts`);
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...files], {
    cwd: e2eFolder,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...installed,
      PF_LABEL: label,
      PF_RANDOM_RUNS: process.env.PF_RANDOM_RUNS ?? randomRuns,
      ...(target.rows === 'sample' ? { PF_ROWS: sampleRows.join(',') } : {}),
    },
  });
  return status ?? 1;
}

function suitesOf({ runner, rows, node }: Target): readonly string[] {
  switch (rows) {
    case 'all':
      if (runner === 'node-test') return ['scenarios/scenarios', 'finality/finality', 'traces/trace'];
      return ['scenarios/scenarios', 'traces/trace', 'order/order'];
    case 'sample':
      return ['scenarios/scenarios', ...(node === undefined ? ['traces/trace'] : [])];
    case 'random':
      return ['random/random'];
    case 'order':
      return ['order/order'];
  }
}

main();
