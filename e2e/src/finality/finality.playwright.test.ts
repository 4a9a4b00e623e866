import { satisfies } from 'semver';
import { describe, expect, it } from 'vitest';
import { runProject } from '../harness/harness.ts';
import { testedRunner } from '../harness/target.ts';
import { fails, file, flaky, head, passes, retried, waits } from '../scenarios/playwright-project.ts';

const { setup, version } = testedRunner('playwright');
const slow = `test('slow', async () => {
  note('running');
  await new Promise((resolve) => setTimeout(resolve, 10000));
});\n`;

const flips = `if (result.status === 'failed') result.status = 'skipped';`;

describe(`certainty in Playwright ${version}`, () => {
  it.runIf(satisfies(version, '>=1.52'))(
    'promises a flaky test where the configuration forbids it',
    async () => {
      const project = file(flaky + waits, { config: '{ workers: 1, retries: 1, failOnFlakyTests: true }' });
      const { exitCode, promises, trace } = await runProject(project, { ...setup, waitMs: 5000 });
      expect({ exitCode, statuses: promises.map(({ exitStatus }) => exitStatus) }).toEqual({
        exitCode: 1,
        statuses: [1],
      });
      // The option is not told to reporters before 1.61.
      if (satisfies(version, '>=1.61')) expect(trace).toEqual(['seen later']);
    },
  );

  it('promises nothing when only muted tests fail and end the run by their number', async () => {
    const project = file(fails + passes, { args: ['-x'], options: { muted: ['*fails'] } });
    expect(await runProject(project, setup)).toMatchObject({ exitCode: 1, calls: [] });
  });

  it.each([
    ['after', '[...reporters, later]', flips],
    ['before', '[later, ...reporters]', flips],
    ['a step later, in a microtask, after', '[...reporters, later]', `await undefined; ${flips}`],
  ])(
    'promises nothing where a reporter listed %s ours takes the failure back',
    async (_where, reporter, body) => {
      const project = {
        files: {
          'a.spec.js': `${head}${fails}test('between', async () => {
          await new Promise((resolve) => setTimeout(resolve, 1500)); notPromised('between'); });\n`,
          'later.mjs': `export default class { async onTestEnd(test, result) { ${body} } }`,
        },
        config: `{ workers: 1, reporter: (() => { const later = ['./later.mjs']; return ${reporter}; })() }`,
      };
      expect(await runProject(project, setup)).toMatchObject({ exitCode: 0, trace: [], calls: [] });
    },
  );

  it('promises nothing for tests that fail because the run is being interrupted', async () => {
    const project = {
      files: {
        'a.spec.js': `${head}${slow}test.afterEach(() => { throw new Error('no server any more'); });\n${passes}`,
      },
      config: '{ workers: 1 }',
      interrupt: { when: 'running', signal: 'SIGINT' as const },
    };
    expect(await runProject(project, setup)).toMatchObject({ exitCode: 130, calls: [] });
  });

  it('counts a share of all tests, those of every project included', async () => {
    const tests = `${fails}test('between', () => { notPromised('a quarter'); });\n`;
    const project = {
      files: { 'a.spec.js': head + tests },
      config: `{ workers: 1, projects: [{ name: 'one' }, { name: 'two' }] }`,
      options: { threshold: '50%' },
    };
    const { promises, trace } = await runProject(project, setup);
    expect(promises).toMatchObject([{ exitStatus: 1 }]);
    expect(trace.filter((line) => line.startsWith('early'))).toHaveLength(1);
  });

  it('names the tests that failed in every attempt, and no flaky one', async () => {
    const { promises } = await runProject(file(flaky + fails, retried(1)), setup);
    expect(promises.map(({ reason }) => reason)).toEqual(['test_failure (1 failed after retries: fails)']);
  });
});
