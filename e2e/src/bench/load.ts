import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { e2eFolder, type RunnerName } from '../harness/runners.ts';
import { measure, median, meterSource } from './usage.ts';

/** Importing and constructing our reporter against an empty one, each in a process of its own. */
export interface LoadCost {
  readonly runner: RunnerName;
  readonly pairs: number;
  readonly cpu: number;
  readonly cpuMs: number;
  readonly memory: number;
}

const construct = (module: string) =>
  `import Reporter from '${module}';\nglobalThis.kept = Reporter.prototype ? new Reporter({ rootDir: '/', testFailureExitCode: 1 }) : Reporter([]);\n`;

export async function measureLoad(runner: RunnerName, pairs: number): Promise<LoadCost> {
  const dir = join(e2eFolder, '.tmp', `bench-load-${runner}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'meter.mjs'), meterSource);
  writeFileSync(join(dir, 'empty-reporter.mjs'), 'export default class EmptyReporter {}\n');
  writeFileSync(join(dir, 'empty.mjs'), construct('./empty-reporter.mjs'));
  writeFileSync(join(dir, 'ours.mjs'), construct(`@promise-failure/${runner}`));
  const run = (file: string) =>
    measure([file], {
      cwd: dir,
      meter: join(dir, 'meter.mjs'),
      env: { PROMISE_FAILURE: 'true', BUILDKITE_JOB_ID: 'bench' },
    });
  try {
    await run('ours.mjs');
    const cpu: number[] = [];
    const cpuMs: number[] = [];
    const memory: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const ours = await run('ours.mjs');
      const empty = await run('empty.mjs');
      cpu.push(ours.cpuMs / empty.cpuMs);
      cpuMs.push(ours.cpuMs - empty.cpuMs);
      memory.push(ours.peakMiB / empty.peakMiB);
    }
    return { runner, pairs, cpu: median(cpu), cpuMs: median(cpuMs), memory: median(memory) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
