import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { e2eFolder } from '../harness/runners.ts';
import { installNode } from './install.ts';

const core = join(dirname(e2eFolder), 'packages/core');
const vitest = join(e2eFolder, 'node_modules/vitest/vitest.mjs');
const starts = process.env.THREAD_STARTS ?? '2000';

// Takes minutes, so `pnpm test:matrix` alone does; the suite has a short sample on one Node.
describe.runIf(process.env.PF_MATRIX)('the thread that delivers', { timeout: 3_600_000 }, () => {
  it.each(['20', '22', '24', '26'])(`is ended at every moment, ${starts} times, on Node %s`, (node) => {
    const { status, stdout, stderr } = spawnSync(
      installNode(node),
      [vitest, 'run', 'test/thread-ends.test.ts'],
      {
        ...{ cwd: core, encoding: 'utf8' },
        env: { ...process.env, THREAD_STARTS: starts },
      },
    );
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  });
});
