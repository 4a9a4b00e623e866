import { expect, it } from 'vitest';
import { type Project, runProject } from '../harness/harness.ts';
import type { RunnerName } from '../harness/runners.ts';
import { testedRunner } from '../harness/target.ts';

/**
 * Registers the test that holds on to a runner's events: `project` brings a reporter of its own that notes every
 * hook, and a failing, a flaky, a skipped and an expectedly failing test. A version that fires other hooks, or in
 * another order, differs from its file beside this one.
 */
export function describeTrace(runner: RunnerName, project: Project): void {
  const { setup, label } = testedRunner(runner);
  it(`${runner} ${label} fires its hooks in the known order`, async () => {
    const { trace } = await runProject(project, { ...setup, reporter: false });
    await expect(`${trace.join('\n')}\n`).toMatchFileSnapshot(`${runner}-${label}.txt`);
  });
}
