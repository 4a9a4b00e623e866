import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { e2eFolder, type RunnerName } from '../harness/runners.ts';
import { others, ours } from './beside.ts';
import { greenShapes, measureGreen } from './green.ts';
import { type LatencySetup, measureLatency, summarize } from './latency.ts';
import { measureLoad } from './load.ts';
import { measureOrderCost } from './order/cost.ts';
import { type Case, measureOrder } from './order/measure-order.ts';
import { summarize as summarizeCases } from './order/summary.ts';
import { measureStorm, type Storm, type StormCost, storms } from './storm.ts';

const help = `Usage: pnpm bench [--pairs 7] [--runs 15] [--only green|beside|load|latency|storm|order|order-cost]
                  [--runner jest] [--reporter json]... [--before folder] [--faults 30] [--seed 1] [--lanes 8] [--cases]

Measures, side by side in one run, what our reporters cost and how soon a promise arrives.
  --pairs     pairs of runs for each ratio
  --runs      runs for each time to promise; a third of them for each storm of failures
  --reporter  of the others beside ours on a green run, only these
  --before    an earlier checkout, installed and built, whose figures are taken in the same run
  --faults    faults for each order of files
  --lanes     runs side by side, fewer than usual on a busy machine
  --seed      of the generated suites and faults
  --cases     every fault of its own, too
`;

const machines = ['quiet', 'loaded'] as const;
const places = [
  { later: 'idle', jobApi: true },
  { later: 'busy', jobApi: true },
  { later: 'idle', jobApi: false },
] as const;

/** Failures in all. */
const decades = [100, 1000, 10_000, 100_000];

/** An earlier one is not given the greatest storms, which take it minutes. */
const mostBefore = 10_000;

/** Greatest acceptable ratio of CPU. */
const orderLimit = 1.01;

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '7' },
    runs: { type: 'string', default: '15' },
    faults: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string' },
    cases: { type: 'boolean', default: false },
    only: { type: 'string' },
    runner: { type: 'string' },
    reporter: { type: 'string', multiple: true },
    before: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const all: readonly RunnerName[] = ['jest', 'vitest', 'playwright', 'node-test'];
const runnerNames = all.filter((name) => values.runner === undefined || values.runner === name);
/** Those that can be told which files run first. */
const ordered = runnerNames.filter((name) => name !== 'node-test');

if (values.help) {
  process.stdout.write(help);
} else {
  const wanted = (name: string) => values.only === undefined || values.only === name;
  if (wanted('green')) await printGreen(Number(values.pairs));
  if (wanted('beside')) await printBeside(Number(values.pairs));
  if (wanted('load')) await printLoad(Number(values.pairs));
  if (wanted('latency')) await printLatency(Number(values.runs));
  if (wanted('storm')) await printStorms(Math.ceil(Number(values.runs) / 3));
  if (wanted('order')) await printOrder(Number(values.faults), Number(values.seed));
  if (wanted('order-cost') || values.only === 'order') {
    await printOrderCost(Number(values.pairs), Number(values.seed));
  }
}

async function printGreen(pairs: number): Promise<void> {
  print('## Green overhead: our reporter / an empty one');
  row('Runner', 'Run', 'Files', 'Tests', 'Pairs', 'CPU', 'Limit', 'Wall', 'Peak memory');
  row(...Array<string>(9).fill('---'));
  for (const shape of greenShapes) {
    for (const runner of runnerNames) {
      const [ours] = await measureGreen(runner, shape, pairs);
      if (ours === undefined) continue;
      const files = shape.files[runner];
      const ratios = [ours.cpu.toFixed(3), shape.limit, ours.wall.toFixed(3), ours.memory.toFixed(3)];
      row(runner, shape.name, files, files * shape.testsPerFile, pairs, ...ratios);
    }
  }
}

/** In the first shape alone. */
async function printBeside(pairs: number): Promise<void> {
  print('\n## Beside other reporters on a green run: each / an empty one');
  const more = ['CPU more, ms', 'Peak more, MiB', 'Held more, MiB'];
  row('Runner', 'Tests', 'Pairs', 'Reporter', 'CPU', 'Wall', 'Peak memory', ...more);
  row(...Array<string>(10).fill('---'));
  const [shape] = greenShapes;
  if (shape === undefined) return;
  for (const runner of runnerNames) {
    const tests = shape.files[runner] * shape.testsPerFile;
    const named = others[runner].filter(({ name }) => values.reporter?.includes(name) ?? true);
    for (const cost of await measureGreen(runner, shape, pairs, [ours(runner), ...named])) {
      const ratios = [cost.cpu, cost.wall, cost.memory].map((ratio) => ratio.toFixed(3));
      const more = [cost.more.cpuMs, cost.more.peakMiB, cost.more.heldMiB].map((figure) => figure.toFixed(1));
      row(runner, tests, pairs, cost.name, ...ratios, ...more);
    }
  }
}

async function printLoad(pairs: number): Promise<void> {
  print('\n## Load: import and construct, our reporter / an empty one');
  row('Runner', 'Pairs', 'CPU', 'CPU more, ms', 'Peak memory');
  row(...Array<string>(5).fill('---'));
  for (const runner of runnerNames) {
    const { cpu, cpuMs, memory } = await measureLoad(runner, pairs * 3);
    row(runner, pairs * 3, cpu.toFixed(3), cpuMs.toFixed(1), memory.toFixed(3));
  }
}

async function printLatency(runs: number): Promise<void> {
  print('\n## Time to promise: end of the deciding attempt to arrival, median (worst), ms');
  row('Runner', 'Machine', 'To', 'Later tests', 'Runs', 'Ours', 'By hand', 'Ours / by hand', 'Before');
  row(...Array<string>(9).fill('---'));
  const before = values.before === undefined ? undefined : join(values.before, 'e2e');
  for (const runner of runnerNames) {
    for (const machine of machines) {
      for (const place of places) await printLatencyOf({ ...place, runner, machine, before }, runs);
    }
  }
}

async function printLatencyOf(setup: LatencySetup, runs: number): Promise<void> {
  const { runner, machine, jobApi, later } = setup;
  const { ours, byHand, before } = await measureLatency(setup, runs);
  const show = (delays: readonly number[]) => {
    const { median, worst } = summarize(delays);
    return `${median.toFixed(0)} (${worst.toFixed(0)})`;
  };
  const ratio = summarize(ours).median / summarize(byHand).median;
  const earlier = before.length === 0 ? '' : show(before);
  const to = jobApi ? 'Job API' : 'Agent API';
  row(runner, machine, to, later, runs, show(ours), show(byHand), ratio.toFixed(2), earlier);
}

async function printStorms(runs: number): Promise<void> {
  print('\n## Storms: what failures cost the processes that report them, and how long their end waits');
  const before = values.before === undefined ? [] : ['Before: CPU, ms', 'Wait, ms', 'Peak, MiB', 'Calls'];
  const head = [
    'Failures',
    'Processes',
    'Storm',
    'Runs',
    'µs each',
    'CPU, ms',
    'Wait, ms',
    'Peak, MiB',
    'Peak / off',
    'Calls',
  ];
  row(...head, ...before);
  row(...Array<string>(head.length + before.length).fill('---'));
  for (const processes of [1, 8]) {
    const loops = new Map<number, number>();
    for (const kind of storms) {
      for (const failures of decades) {
        const { peakMiB } = await printStorm({ kind, failures, processes }, runs, loops.get(failures));
        if (kind === 'off') loops.set(failures, peakMiB);
      }
    }
  }
}

/** `loopMiB`: peak of the same loop without the flag. */
async function printStorm(storm: Storm, runs: number, loopMiB: number | undefined): Promise<StormCost> {
  const { kind, failures, processes } = storm;
  const figuresOf = ({ cpuMs, drainMs, peakMiB, calls }: StormCost) =>
    [cpuMs, drainMs, peakMiB, calls].map((figure) => figure.toFixed(0));
  const cost = await measureStorm(storm, runs, join(e2eFolder, '../packages/core'));
  const earlier =
    values.before === undefined || failures > mostBefore
      ? []
      : figuresOf(await measureStorm(storm, 1, join(values.before, 'packages/core')));
  const each = ((cost.cpuMs * 1000) / failures).toFixed(0);
  const [cpu = '', wait = '', peak = '', calls = ''] = figuresOf(cost);
  const ratio = (cost.peakMiB / (loopMiB ?? cost.peakMiB)).toFixed(2);
  row(failures, processes, kind, runs, each, cpu, wait, peak, ratio, calls, ...earlier);
  return cost;
}

async function printOrder(faults: number, seed: number): Promise<void> {
  print('\n## Red first: head start as a share of the run, one fault in each');
  row('Runner', 'Order by', 'Faults', 'Median', 'Worst tenth', 'Worst', 'Worst against default');
  row(...Array<string>(7).fill('---'));
  const lanes = values.lanes === undefined ? undefined : Number(values.lanes);
  const all: [RunnerName, Case[]][] = [];
  for (const runner of ordered) {
    const onProgress = (line: string) => void process.stderr.write(`${line}\n`);
    const cases = await measureOrder(runner, { faults, seed, lanes, onProgress });
    all.push([runner, cases]);
    for (const { knowing, faults, ...shares } of summarizeCases(cases)) {
      const { median, worstTenth, worst, againstDefault } = shares;
      const figures = [median, worstTenth, worst, againstDefault].map((share) => share.toFixed(2));
      row(runner, knowing, faults, ...figures);
    }
  }
  if (values.cases) for (const [runner, cases] of all) printCases(runner, cases);
}

function printCases(runner: RunnerName, cases: readonly Case[]): void {
  print(`\n### ${runner}`);
  row('Fault', 'Test files it breaks', 'Shares');
  row(...Array<string>(3).fill('---'));
  for (const { fault, shares } of cases) {
    const figures = Object.entries(shares).map(
      ([knowing, list]) => `${knowing} ${list.map((share) => share.toFixed(3)).join(' ')}`,
    );
    row(`${fault.source.path} ${fault.fn.name}`, fault.broken.length, figures.join(', '));
  }
}

async function printOrderCost(pairs: number, seed: number): Promise<void> {
  print('\n## Red first on a green run: with the order / without');
  row('Runner', 'Files', 'Pairs', 'CPU', 'Limit', 'Wall', 'Peak memory');
  row(...Array<string>(7).fill('---'));
  for (const runner of ordered) {
    const { files, cpu, wall, memory } = await measureOrderCost(runner, pairs, seed);
    row(runner, files, pairs, cpu.toFixed(3), orderLimit, wall.toFixed(3), memory.toFixed(3));
  }
}

function row(...cells: readonly (string | number)[]): void {
  print(`| ${cells.join(' | ')} |`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
