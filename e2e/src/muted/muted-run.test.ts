import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Project, runProject } from '../harness/harness.ts';
import { type ConfiguredRunner, e2eFolder } from '../harness/runners.ts';
import {
  failing,
  fileName,
  flaky,
  passing,
  projectOf,
  retriedOnce,
  type TitledTest,
} from './muted-projects.ts';

const runnerNames: readonly ConfiguredRunner[] = ['jest', 'vitest', 'playwright'];
const command = join(e2eFolder, 'node_modules/promise-failure/bin/promise-failure.js');
const forgiving = [command, 'run', '--forgive-muted', '--', process.execPath];

const muted: TitledTest = { titles: ['Checkout', 'pays'], body: failing };
const hard: TitledTest = { titles: ['Checkout', 'refunds'], body: failing };
const green: TitledTest = { titles: ['Checkout', 'lists'], body: passing };
const sometimes: TitledTest = { titles: ['Checkout', 'sometimes'], body: flaky };
/** The reporter leaves the number of the runner's process in the environment of its workers. */
const crash: TitledTest = {
  titles: ['Checkout', 'zz crashes'],
  body: `process.kill(Number(process.env.PROMISE_FAILURE_RUN), 'SIGKILL'); await new Promise(() => {});`,
};
const endless: TitledTest = {
  titles: ['Checkout', 'zz waits'],
  body: `note('started'); await new Promise((resolve) => setTimeout(resolve, 30_000));`,
};

interface Choice {
  readonly tests: readonly TitledTest[];
  readonly rest?: (runner: ConfiguredRunner) => Partial<Project>;
  readonly status: number | 'not 0';
  readonly said: string;
}

const forgiven = 'exit status 1 is forgiven: 1 failed and muted';
const choices: Readonly<Record<string, Choice>> = {
  'forgives muted failures': { tests: [muted, green], status: 0, said: forgiven },
  'forgives them beside flaky tests': {
    tests: [muted, sometimes],
    rest: (runner) => retriedOnce[runner],
    status: 0,
    said: forgiven,
  },
  'lets hard failures stand': { tests: [hard], status: 1, said: '1 test not muted: Checkout > refunds' },
  'lets hard failures beside muted ones stand': {
    tests: [muted, hard],
    status: 1,
    said: '1 test not muted: Checkout > refunds',
  },
  'lets a run error stand': {
    tests: [muted],
    rest: (runner) => ({ files: { [fileName(runner, 'b')]: `throw new Error('does not load');` } }),
    status: 1,
    said: 'a failure belongs to no test',
  },
  'lets a run stand that stopped at its first failure': {
    tests: [muted, green],
    rest: (runner) => ({ args: bailArguments[runner] }),
    status: 1,
    said: 'exit status 1 stands: a',
  },
  'lets it stand where the reporter is off': {
    tests: [muted],
    rest: () => ({ env: { PROMISE_FAILURE: 'false' } }),
    status: 1,
    said: 'no reporter of ours',
  },
  'lets it stand where the muted tests are not known': {
    tests: [muted],
    rest: () => ({ options: { muted: ['Checkout pays'], mutedFile: 'missing.yaml' } }),
    status: 1,
    said: 'the muted tests are not known',
  },
  'lets a crash stand': { tests: [muted, crash], status: 137, said: 'exit status 137 stands' },
  'lets a signal stand, which it forwards': {
    tests: [muted, endless],
    rest: () => ({ interrupt: { when: 'started', signal: 'SIGTERM' } }),
    status: 'not 0',
    said: 'the command was ended by a signal',
  },
  'leaves a green run alone': { tests: [green], status: 0, said: '' },
};

describe.each(runnerNames)('promise-failure run --forgive-muted with %s', (runner) => {
  it.concurrent.each(Object.entries(choices))('%s', async (_, { tests, rest, status, said }) => {
    const options = { muted: ['Checkout pays'] };
    const project = projectOf(runner, { a: tests }, { config: slow[runner], options, ...rest?.(runner) });
    const { exitCode, stderr } = await runProject(project, { runner, through: forgiving, waitMs: 0 });
    if (status === 'not 0') expect(exitCode, stderr).not.toBe(0);
    else expect(exitCode, stderr).toBe(status);
    expect(stderr).toContain(said);
  });

  it.concurrent.each([
    ['as a dry run in a job', { PROMISE_FAILURE: 'dry-run' }, true],
    ['as a dry run outside of a job', { PROMISE_FAILURE: 'dry-run' }, false],
    ['outside of a job', { PROMISE_FAILURE: 'true' }, false],
  ])('forgives muted failures and no others %s, and promises nothing', async (_how, env, inJob) => {
    const options = { muted: ['Checkout pays'] };
    const run = (...tests: TitledTest[]) => {
      const project = projectOf(runner, { a: tests }, { config: slow[runner], options, env });
      return runProject(project, { runner, through: forgiving, waitMs: 0, inJob });
    };
    const one = await run(muted, green);
    expect(one.stderr).toContain(forgiven);
    expect(one).toMatchObject({ exitCode: 0, calls: [] });
    const other = await run(muted, hard);
    expect(other.stderr).toContain('1 test not muted: Checkout > refunds');
    expect(other).toMatchObject({ exitCode: 1, calls: [] });
  });

  it.concurrent('forwards standard output untouched', async () => {
    const project = projectOf(runner, { a: [green] }, { args: jsonArguments[runner], config: slow[runner] });
    const { stdout } = await runProject(project, { runner, through: forgiving });
    expect(() => JSON.parse(stdout)).not.toThrow();
  });
});

/** One test after the other, so that the order of a file is the order of events. */
const slow: Readonly<Record<ConfiguredRunner, string>> = {
  jest: '{ testTimeout: 60_000 }',
  vitest: '{ testTimeout: 60_000 }',
  playwright: '{ workers: 1, timeout: 60_000 }',
};

const bailArguments: Readonly<Record<ConfiguredRunner, readonly string[]>> = {
  jest: ['--bail'],
  vitest: ['--bail=1'],
  playwright: ['-x'],
};

const jsonArguments: Readonly<Record<ConfiguredRunner, readonly string[]>> = {
  jest: ['--json'],
  vitest: ['--reporter=json'],
  playwright: ['--reporter=json'],
};
