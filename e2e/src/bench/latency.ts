import { runProject } from '../harness/harness.ts';
import type { RunnerName } from '../harness/runners.ts';
import { byHand } from './by-hand.ts';
import { underLoad } from './load-machine.ts';
import { median } from './usage.ts';

export interface LatencySetup {
  readonly runner: RunnerName;
  /** What the tests after the failing one do: sleep, or hold a thread without a pause. */
  readonly later: 'idle' | 'busy';
  readonly machine: 'quiet' | 'loaded';
  readonly jobApi: boolean;
  /** Folder whose `node_modules` hold earlier reporters, to be measured as well. */
  readonly before: string | undefined;
}

/** Milliseconds from the end of the deciding attempt to the request's arrival, for each who declares. */
export interface Latency {
  readonly ours: readonly number[];
  readonly byHand: readonly number[];
  readonly before: readonly number[];
}

type Who = keyof Latency;

/**
 * The failing test's own hook notes the time; what follows is the runner's work, in Playwright with the end of the
 * worker, then ours.
 */
const noteEnd = `note('ended ' + Date.now());`;
const lastHook = `let failing = false;
afterEach(() => { if (failing) ${noteEnd} failing = false; });\n`;
/** At a random moment, since Vitest's workers send their events in turns of 100 ms. */
const failingTest = `test('fails', async () => {
  await new Promise((r) => setTimeout(r, 200 * Math.random()));
  failing = true;
  expect(1).toBe(2);
});\n`;
const imports: Readonly<Record<RunnerName, string>> = {
  jest: `const { note } = require('./probe.cjs');\nconst { spawn } = require('node:child_process');\n${lastHook}`,
  vitest: `import { spawn } from 'node:child_process';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { note } from './probe.mjs';\n${lastHook}`,
  playwright: `import { spawn } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { note } from './probe.mjs';
const { afterAll, afterEach, describe } = test;\n${lastHook}`,
  'node-test': `const { spawn } = require('node:child_process');
const { after: afterAll, afterEach, describe, test } = require('node:test');
const expect = (value) => ({ toBe: (other) => require('node:assert').equal(value, other) });
const { note } = require('./probe.cjs');\n${lastHook}`,
};
const fileNames: Readonly<Record<RunnerName, string>> = {
  jest: 'late.test.cjs',
  vitest: 'late.test.mjs',
  playwright: 'late.spec.mjs',
  'node-test': 'late.test.cjs',
};

/** In Vitest a worker beside the failing one is busy, since a worker that is busy itself sends its events late. */
function filesOf({ runner, later: load }: LatencySetup, who: Who): Record<string, string> {
  const sleeping = 'await new Promise((r) => setTimeout(r, 300));';
  const blocking = 'const end = Date.now() + 300; while (Date.now() < end);';
  const later = (body: string) =>
    [1, 2, 3].map((n) => `test('later ${n}', async () => { ${body} });\n`).join('');
  // By hand nobody knows of the failure before the hook after all tests of its block, which notes its time itself.
  const declare = who === 'byHand' ? `afterAll(() => ${byHand('spawn')});\n` : '';
  const head = `${imports[runner]}test('passes', () => {});\ndescribe('block', () => {\n${declare}${failingTest}});\n`;
  const beside = runner === 'vitest' && load === 'busy';
  return {
    [fileNames[runner]]: head + later(load === 'busy' && !beside ? blocking : sleeping),
    ...(beside ? { [`busy-${fileNames[runner]}`]: imports[runner] + later(blocking) } : {}),
  };
}

/** Each in turn, in a run of its own. */
export async function measureLatency(setup: LatencySetup, runs: number): Promise<Latency> {
  const found = { ours: [] as number[], byHand: [] as number[], before: [] as number[] };
  const everyone: readonly Who[] = [
    'ours',
    'byHand',
    ...(setup.before === undefined ? [] : ['before' as const]),
  ];
  const measure = async () => {
    for (let n = 0; n < runs; n++) {
      for (const who of everyone) found[who].push(await measureOnce(setup, who));
    }
  };
  await (setup.machine === 'loaded' ? underLoad(measure) : measure());
  return found;
}

async function measureOnce(setup: LatencySetup, who: Who): Promise<number> {
  const { runner, jobApi, before } = setup;
  const result = await runProject(
    { files: filesOf(setup, who), args: runner === 'jest' ? ['--runInBand'] : [] },
    {
      ...{ runner, reporter: who !== 'byHand', waitMs: 20_000 },
      ...(who === 'before' && { runnerDir: before }),
      ...(!jobApi && { agent: { jobApi: false } }),
    },
  );
  const endedAt = Number(result.trace.find((line) => line.startsWith('ended '))?.slice(6));
  const arrivedAt = result.calls[0]?.at;
  if (arrivedAt === undefined || Number.isNaN(endedAt)) {
    throw new Error(`${runner}, ${who}: no promise arrived\n${result.stdout}\n${result.stderr}`);
  }
  return arrivedAt - endedAt;
}

export function summarize(delays: readonly number[]): { median: number; worst: number } {
  return { median: median(delays), worst: Math.max(...delays) };
}
