import { runProject } from '../harness/harness.ts';
import type { RunnerName } from '../harness/runners.ts';
import { median } from './usage.ts';

/** Milliseconds from the end of the deciding attempt to the request's arrival at the Job API. */
export interface Latency {
  readonly runner: RunnerName;
  readonly load: 'idle' | 'busy';
  readonly runs: number;
  readonly medianMs: number;
  readonly worstMs: number;
}

/** The attempt's last act of the user's is to note the time; what follows is the runner's own work, then ours. */
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
  jest: `const { note } = require('./probe.cjs');\n${lastHook}`,
  vitest: `import { afterEach, expect, test } from 'vitest';\nimport { note } from './probe.mjs';\n${lastHook}`,
  // A failing attempt ends its worker in Playwright: the hooks after all tests belong to it, and last of all the
  // tear-down of the worker's fixtures.
  playwright: `import { expect, test as base } from '@playwright/test';
import { note } from './probe.mjs';
let failing = false;
const test = base.extend({ last: [async ({}, use) => { await use(); if (failing) ${noteEnd} }, { scope: 'worker', auto: true }] });
`,
};
const fileNames: Readonly<Record<RunnerName, string>> = {
  jest: 'late.test.cjs',
  vitest: 'late.test.mjs',
  playwright: 'late.spec.mjs',
};

/**
 * Tests follow that sleep (idle), or hold a thread without a pause (busy): the runner's main thread in Jest in
 * band; in Vitest a worker beside the failing one, since a worker that is busy itself sends its events late.
 */
function filesOf(runner: RunnerName, load: Latency['load']): Record<string, string> {
  const sleeping = 'await new Promise((r) => setTimeout(r, 300));';
  const blocking = 'const end = Date.now() + 300; while (Date.now() < end);';
  const later = (body: string) =>
    [1, 2, 3].map((n) => `test('later ${n}', async () => { ${body} });\n`).join('');
  const head = `${imports[runner]}test('passes', () => {});\n${failingTest}`;
  const beside = runner === 'vitest' && load === 'busy';
  return {
    [fileNames[runner]]: head + later(load === 'busy' && !beside ? blocking : sleeping),
    ...(beside ? { [`busy-${fileNames[runner]}`]: imports[runner] + later(blocking) } : {}),
  };
}

export async function measureLatency(
  runner: RunnerName,
  load: Latency['load'],
  runs: number,
): Promise<Latency> {
  const delays: number[] = [];
  for (let n = 0; n < runs; n++) {
    const result = await runProject(
      {
        files: filesOf(runner, load),
        args: runner === 'jest' ? ['--runInBand'] : [],
      },
      { runner },
    );
    const endedAt = Number(result.trace.find((line) => line.startsWith('ended '))?.slice(6));
    const arrivedAt = result.calls[0]?.at;
    if (arrivedAt === undefined || Number.isNaN(endedAt)) {
      throw new Error(`${runner}, ${load}: no promise arrived\n${result.stdout}\n${result.stderr}`);
    }
    delays.push(arrivedAt - endedAt);
  }
  return { runner, load, runs, medianMs: median(delays), worstMs: Math.max(...delays) };
}
