import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type KeptProject, keepProject, readJson, runInJob, runShell, takeRan } from './evidence-run.ts';
import { awkwardFiles, failing, fileWith, headLines } from './projects.ts';

interface Evidence {
  readonly tests: readonly {
    readonly name: string;
    readonly line: number;
    readonly attempts: number;
    readonly project: string | null;
    readonly message: string;
    readonly rerun: { readonly command: string };
  }[];
  readonly errors: readonly { readonly file: string | null }[];
  readonly rerun: readonly { readonly command: string }[];
}

const runners = ['jest', 'vitest', 'playwright'] as const;
let project: KeptProject | undefined;
afterEach(() => project?.remove());

const evidenceOf = ({ folder }: KeptProject): Evidence => readJson(join(folder, 'evidence.json'));
/** Nothing of a job, and no flag: whoever pastes the command is at a terminal of their own. */
const bare = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1' };

describe.each(runners)('the commands to run the failed tests of %s again', (runner) => {
  it('run just these, whatever they are called, when a shell is given them', async () => {
    project = keepProject(runner, awkwardFiles(runner));
    const run = await runInJob(runner, project);
    expect(run.exitCode, run.stderr).toBe(1);
    takeRan(project);
    const { rerun, tests } = evidenceOf(project);
    const all = await runShell(rerun.map(({ command }) => command).join('\n'), project.folder, bare);
    expect(takeRan(project), all.stdout + all.stderr).toEqual(failing);
    expect(tests).toHaveLength(failing.length);
    for (const { command } of rerun) expect(command).toMatch(/^npx (jest|vitest run|playwright test) /);
  });

  it('run one test alone', async () => {
    project = keepProject(runner, awkwardFiles(runner));
    await runInJob(runner, project);
    takeRan(project);
    const test = evidenceOf(project).tests.find(({ name }) => name.includes('$HOME'));
    await runShell(test?.rerun.command ?? '', project.folder, bare);
    expect(takeRan(project)).toEqual([failing.find((name) => name.includes('$HOME'))]);
  });

  it('run a file that does not load as a whole', async () => {
    project = keepProject(runner, fileWith(runner, 'throw new Error("does not load");\n'));
    await runInJob(runner, project);
    const { errors, rerun } = evidenceOf(project);
    expect(errors[0]).toMatchObject({ file: expect.stringContaining('test/a.') });
    expect(rerun).toHaveLength(1);
    const again = await runShell(rerun[0]?.command ?? '', project.folder, bare);
    expect(again.stdout + again.stderr).toContain('does not load');
  });
});

describe('the command to run what failed in node:test again', () => {
  it('runs the files that have failed, and no others', async () => {
    project = keepProject('node-test', {
      ...awkwardFiles('node-test'),
      ...fileWith('node-test', "test('passes alone', () => { note('passes alone'); });\n"),
    });
    const run = await runInJob('node-test', project);
    expect(run.exitCode, run.stderr).toBe(1);
    expect(takeRan(project)).toContain('passes alone');
    const { rerun } = evidenceOf(project);
    expect(rerun).toHaveLength(1);
    const again = await runShell(rerun[0]?.command ?? '', project.folder, bare);
    expect(again.code, again.stdout).toBe(1);
    const ran = takeRan(project);
    expect(ran).toEqual(expect.arrayContaining(failing));
    expect(ran).not.toContain('passes alone');
  });
});

describe('what is told of a failed test', () => {
  it.each([...runners, 'node-test'] as const)('is its line and message in %s', async (runner) => {
    const body = `
const check = (value) => {
  expect(value).toBe('right');
};
test('fails', () => {
  check('wrong');
});
`;
    project = keepProject(runner, fileWith(runner, body));
    await runInJob(runner, project);
    const [test] = evidenceOf(project).tests;
    expect(test).toMatchObject({ name: 'fails', line: headLines(runner) + 3, attempts: 1, project: null });
    expect(test?.message).toMatch(/right/);
    expect(test?.message).not.toMatch(/\n\s+at |^Error:/);
    expect(test?.message).toBe(stripVTControlCharacters(test?.message ?? ''));
  });

  it.each([
    ['jest', 'jest.retryTimes(2);\n', '{}'],
    ['vitest', '', '{ retry: 2 }'],
    ['playwright', '', '{ retries: 2 }'],
  ] as const)('is the number of its attempts in %s', async (runner, start, config) => {
    const body = `${start}test('fails', () => { note('fails'); expect(1).toBe(2); });\n`;
    project = keepProject(runner, fileWith(runner, body), { config });
    await runInJob(runner, project);
    expect(evidenceOf(project).tests).toMatchObject([{ attempts: 3 }]);
    expect(takeRan(project)).toHaveLength(3);
  });

  it.each([
    ['jest', "{ displayName: 'unit tests' }"],
    ['vitest', "{ name: 'unit tests' }"],
    ['playwright', "{ projects: [{ name: 'unit tests' }] }"],
  ] as const)('is its project in %s, which the command names', async (runner, config) => {
    project = keepProject(
      runner,
      fileWith(runner, `test('fails', () => { note('fails'); expect(1).toBe(2); });\n`),
      {
        config,
      },
    );
    await runInJob(runner, project);
    const { tests, rerun } = evidenceOf(project);
    expect(tests).toMatchObject([{ project: 'unit tests' }]);
    takeRan(project);
    const again = await runShell(rerun[0]?.command ?? '', project.folder, bare);
    expect(takeRan(project), again.stdout + again.stderr).toEqual(['fails']);
  });
});
