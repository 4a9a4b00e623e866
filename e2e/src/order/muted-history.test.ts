import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runProject } from '../harness/harness.ts';
import type { ConfiguredRunner } from '../harness/runners.ts';

const endings: Readonly<Record<ConfiguredRunner, string>> = {
  jest: 'test.js',
  vitest: 'test.js',
  playwright: 'spec.js',
};
const heads: Readonly<Record<ConfiguredRunner, string>> = {
  jest: '',
  vitest: `import { test } from 'vitest';\n`,
  playwright: `import { test } from '@playwright/test';\n`,
};
const configs: Readonly<Record<ConfiguredRunner, string>> = {
  jest: `{ testSequencer: '@promise-failure/jest/sequencer' }`,
  vitest: '{}',
  playwright: '{ workers: 1 }',
};
const pays = `test('pays', () => { throw new Error('no'); });\n`;
const refunds = `test('refunds', () => { throw new Error('no'); });\n`;

it.each(['jest', 'vitest', 'playwright'] as const)(
  '%s remembers no failure of a muted test, which fails no job',
  async (runner) => {
    const folder = mkdtempSync(join(tmpdir(), 'pf-muted-history-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const history = join(folder, 'history.json');
    const { stderr } = await runProject(
      {
        files: {
          [`muted.${endings[runner]}`]: heads[runner] + pays,
          [`hard.${endings[runner]}`]: heads[runner] + refunds,
          [`mixed.${endings[runner]}`]: heads[runner] + pays + refunds,
        },
        config: configs[runner],
        options: { muted: ['pays'] },
        env: { PROMISE_FAILURE_ORDER: 'red-first', PROMISE_FAILURE_HISTORY: history },
      },
      { runner, waitMs: 0 },
    );
    expect(stderr).toContain('2 hard, 2 muted');
    const { files } = JSON.parse(readFileSync(history, 'utf8'));
    const failures = Object.entries<{ failures?: unknown[] }>(files).map(([path, entry]) => [
      /(\w+)[.]\w+[.]js$/.exec(path)?.[1],
      entry.failures?.length ?? 0,
    ]);
    expect(Object.fromEntries(failures)).toEqual({ muted: 0, hard: 1, mixed: 1 });
  },
);
