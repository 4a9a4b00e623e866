import { describe, expect, it } from 'vitest';
import { runProject } from './harness.ts';
import type { RunnerName } from './runners.ts';

const imports: Readonly<Record<RunnerName, string>> = {
  jest: `const { promised, attempt, note } = require('./probe.cjs');`,
  vitest: `import { expect, test } from 'vitest'; import { promised, attempt, note } from './probe.mjs';`,
  playwright: `import { expect, test } from '@playwright/test'; import { promised, attempt, note } from './probe.cjs';`,
  'node-test': `const { test } = require('node:test'); const { promised, attempt, note } = require('./probe.cjs');`,
};

describe.each(['jest', 'vitest', 'playwright', 'node-test'] as const)('a project of %s', (runner) => {
  it('runs with the real runner and leaves what its tests traced', async () => {
    const file = `${imports[runner]}
      test('fails', () => { note('attempt ' + attempt('fails')); throw new Error('no'); });
      test('waits', async () => { await promised('in waits'); });`;
    const result = await runProject(
      { files: { [runner === 'playwright' ? 'a.spec.js' : 'a.test.js']: file } },
      { runner, reporter: false },
    );
    expect(result).toMatchObject({ exitCode: 1, promises: [], trace: ['attempt 1', 'late in waits'] });
    expect(result.stdout + result.stderr).toContain('fails');
  });
});
