import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import type { RunnerName } from '../harness/runners.ts';
import { type JobRun, keepProject, type KeptProject, runInJob } from './evidence-run.ts';

const body = `
describe('Cart', () => {
  test('adds (up) [to] $5.00 & "more"', () => {
    expect(1 + 1).toBe(3);
  });
  test('fine', () => {});
});
`;
const sources: Record<RunnerName, Record<string, string>> = {
  jest: { 'test/a.test.js': body },
  vitest: { 'test/a.test.js': "import { describe, expect, test } from 'vitest';" + body },
  playwright: { 'test/a.spec.js': "import { expect, test } from '@playwright/test';\nconst { describe } = test;" + body },
};
for (const runner of ['jest', 'vitest', 'playwright'] as const) {
  it(runner, async () => {
    const project = keepProject(runner, sources[runner]);
    const run = await runInJob(runner, project);
    console.log(run.stderr, run.annotations, readFileSync(join(project.folder, 'evidence.json'), 'utf8'));
    project.remove();
  });
}
