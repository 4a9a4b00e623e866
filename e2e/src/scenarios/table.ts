/**
 * The latest event by which the promise must have left: `attempt` = a test that runs later in the same file sees
 * it, `file` = a test of a later file sees it, `run-end` = it arrives before the process has ended, `exit` = the
 * same, but only the process's own end can tell.
 */
type By = 'attempt' | 'file' | 'run-end' | 'exit';

/** What must come of a row. The exit code is the runner's own, and equal to the promised status. */
export interface Expectation {
  readonly exit: number;
  readonly promised: boolean;
  readonly by?: By;
  /** The promised status, where a known limit makes it differ from the exit code. */
  readonly status?: number;
}

export interface Row {
  readonly id: string;
  readonly what: string;
  readonly expect: Expectation;
  /** Another way of writing what `first-test` shows, whose exit code without our reporter is known. */
  readonly sameAsFirstTest?: true;
}

const green: Expectation = { exit: 0, promised: false };
const at = (by: By): Expectation => ({ exit: 1, promised: true, by });

/** One table for all runners: each row a small project that every runner can write in its own words. */
export const table = [
  { id: 'green', what: 'every test passes', expect: green },
  { id: 'first-test', what: 'the first test of a file fails, others follow', expect: at('attempt') },
  { id: 'last-test', what: 'the last test of the only file fails', expect: at('run-end') },
  { id: 'earlier-file', what: 'a test fails, another file follows', expect: at('file') },
  { id: 'parallel-file', what: 'a test fails while a file runs in another worker', expect: at('file') },
  {
    id: 'one-process',
    what: 'a test fails where tests run without workers, one after the other',
    expect: at('attempt'),
  },
  { id: 'blocked-thread', what: 'synchronous tests block the thread after a failure', expect: at('run-end') },
  { id: 'many-failures', what: 'many tests fail', expect: at('attempt'), sameAsFirstTest: true },
  {
    id: 'nested-blocks',
    what: 'a test four blocks deep fails',
    expect: at('attempt'),
    sameAsFirstTest: true,
  },
  {
    id: 'parametrised',
    what: 'one case of a parametrised test fails',
    expect: at('attempt'),
    sameAsFirstTest: true,
  },
  {
    id: 'same-names',
    what: 'of two tests with the same name in two blocks one is flaky, one fails',
    expect: at('attempt'),
  },
  {
    id: 'odd-titles',
    what: 'the failing test has a title with quotes, separators and other scripts',
    expect: at('attempt'),
    sameAsFirstTest: true,
  },
  {
    id: 'odd-errors',
    what: 'a test throws a value that is no error',
    expect: at('attempt'),
    sameAsFirstTest: true,
  },
  { id: 'timeout', what: 'a test exceeds its time', expect: at('attempt') },
  { id: 'soft-failure', what: 'a soft assertion fails', expect: at('attempt'), sameAsFirstTest: true },

  { id: 'flaky', what: 'a test fails once and passes when retried', expect: green },
  { id: 'flaky-last-retry', what: 'a test passes at the last of its retries', expect: green },
  { id: 'retries-used-up', what: 'a test fails in all its attempts', expect: at('attempt') },
  { id: 'flaky-beside-hard', what: 'a flaky test runs before a failing one', expect: at('attempt') },
  {
    id: 'no-retries-here',
    what: 'retries are switched off for the block of the failing test',
    expect: at('attempt'),
  },
  { id: 'retries-of-block', what: 'retries are given for one block, and used up', expect: at('attempt') },
  { id: 'retries-of-block-flaky', what: 'retries are given for one block, and one helps', expect: green },
  { id: 'retries-of-test', what: 'retries are given for one test, and used up', expect: at('attempt') },
  { id: 'retries-after-delay', what: 'retries come after a delay, and are used up', expect: at('attempt') },
  { id: 'retries-immediate', what: 'a retry follows at once, and all are used up', expect: at('attempt') },
  { id: 'retries-by-condition', what: 'a condition ends the retries early', expect: at('attempt') },
  { id: 'retries-isolated', what: 'retries run after all other tests', expect: at('run-end') },
  { id: 'timeout-then-passes', what: 'a test exceeds its time once and passes when retried', expect: green },
  {
    id: 'whole-block-retried',
    what: 'a block is retried as a whole, and never passes',
    expect: at('attempt'),
  },
  { id: 'whole-block-flaky', what: 'a block is retried as a whole, and passes then', expect: green },
  {
    id: 'skipped-seals',
    what: 'a skipped result makes the failure of an earlier attempt final',
    expect: at('run-end'),
  },
  { id: 'concurrent', what: 'one of several concurrent tests fails', expect: at('attempt') },
  { id: 'concurrent-flaky', what: 'one of several concurrent tests is flaky', expect: green },
  { id: 'repeats', what: 'one repetition of a repeated test fails', expect: at('run-end') },
  {
    id: 'repeats-flaky',
    what: 'one repetition of a repeated test fails once, and passes when retried',
    expect: green,
  },

  { id: 'expected-failure', what: 'a test that is expected to fail fails', expect: green },
  {
    id: 'expected-failure-retried',
    what: 'a test that is expected to fail fails, with retries to spare',
    expect: green,
  },
  { id: 'expected-failure-passes', what: 'a test that is expected to fail passes', expect: at('attempt') },
  {
    id: 'expected-failure-passes-retried',
    what: 'a test that is expected to fail passes in all its attempts',
    expect: at('attempt'),
  },
  {
    id: 'expectation-by-attempt',
    what: 'the retry declares itself as expected to fail, and fails',
    expect: green,
  },
  { id: 'skipped', what: 'tests are skipped or to be written', expect: green },
  { id: 'skip-while-running', what: 'a test skips itself', expect: green },
  { id: 'skip-after-soft-failure', what: 'a test skips itself after a soft assertion failed', expect: green },
  { id: 'skip-at-retry', what: 'a test fails, and its retry skips itself', expect: green },
  { id: 'only', what: 'a focused test in CI', expect: at('run-end') },

  { id: 'before-all', what: 'a hook before all tests of a block throws', expect: at('attempt') },
  { id: 'before-all-retried', what: 'a hook before all tests throws in every attempt', expect: at('file') },
  {
    id: 'before-all-flaky',
    what: 'a hook before all tests throws once, with retries to spare',
    expect: green,
  },
  { id: 'before-each', what: 'a hook before each test throws', expect: at('attempt') },
  {
    id: 'before-each-flaky',
    what: 'a hook before each test throws once, with retries to spare',
    expect: green,
  },
  { id: 'after-each', what: 'a hook after each test throws', expect: at('attempt') },
  {
    id: 'after-each-flaky',
    what: 'a hook after each test throws once, with retries to spare',
    expect: green,
  },
  { id: 'after-all', what: 'a hook after all tests of a block throws', expect: at('file') },
  {
    id: 'after-all-retried',
    what: 'a hook after all tests throws once, with retries to spare',
    expect: at('file'),
  },

  { id: 'syntax-error', what: 'a test file is not valid JavaScript', expect: at('file') },
  { id: 'missing-import', what: 'a test file imports what is not there', expect: at('file') },
  { id: 'throws-at-load', what: 'a test file throws while it loads', expect: at('file') },
  { id: 'throws-in-block', what: 'the body of a block throws', expect: at('file') },
  { id: 'file-without-tests', what: 'a test file holds no tests', expect: at('file') },
  { id: 'no-files', what: 'no test file is found', expect: at('exit') },
  { id: 'no-files-allowed', what: 'no test file is found, and that is allowed', expect: green },
  { id: 'filtered-out', what: 'the failing test is not selected', expect: green },
  { id: 'shard-without-failure', what: 'the failing test runs in another shard', expect: green },
  { id: 'shard-with-failure', what: 'the failing test runs in this shard', expect: at('run-end') },
  { id: 'duplicate-titles', what: 'two tests of a file have the same title, and pass', expect: green },

  { id: 'worker-exits', what: 'a test calls process.exit', expect: at('run-end') },
  { id: 'worker-killed', what: 'a worker is killed by the system', expect: at('run-end') },
  { id: 'worker-dies-then-passes', what: 'a worker dies, and the tests pass in a new one', expect: green },
  {
    id: 'failed-then-worker-dies',
    what: 'a test fails for good, then the worker dies',
    expect: at('run-end'),
  },
  { id: 'rejection-in-test', what: 'a rejection nobody handles, while the test runs', expect: at('run-end') },
  {
    id: 'rejection-after-test',
    what: 'a rejection nobody handles, after the test has passed',
    expect: at('run-end'),
  },
  { id: 'exception-in-timer', what: 'a timer throws while the test runs', expect: at('run-end') },
  { id: 'errors-ignored', what: 'errors that no test owns are to be ignored', expect: green },

  { id: 'global-setup', what: 'the global set-up throws', expect: at('run-end') },
  { id: 'global-teardown', what: 'the global tear-down throws', expect: at('exit') },
  { id: 'setup-file', what: 'a set-up file throws', expect: at('file') },
  { id: 'setup-project', what: 'a project that others depend on fails', expect: at('run-end') },
  { id: 'server-fails', what: 'the server the tests need does not start', expect: at('run-end') },
  { id: 'worker-teardown', what: 'the tear-down of a worker-wide fixture throws', expect: at('file') },

  { id: 'bail', what: 'the run stops at the first failure', expect: at('run-end') },
  { id: 'bail-flaky', what: 'the run would stop at the first failure, but a retry passes', expect: green },
  { id: 'total-time', what: 'the time for the whole run is over', expect: at('run-end') },
  { id: 'flaky-forbidden', what: 'flaky tests are to fail the run', expect: at('attempt') },
  { id: 'coverage', what: 'the coverage stays below its threshold', expect: at('exit') },
  {
    id: 'open-handle-teardown',
    what: 'tests pass, and code that runs after the file sets a failing exit',
    expect: at('exit'),
  },

  { id: 'snapshot-differs', what: 'a snapshot does not match', expect: at('attempt') },
  { id: 'snapshot-missing', what: 'a snapshot is not there, in CI', expect: at('attempt') },
  {
    id: 'snapshot-missing-retried',
    what: 'a snapshot is not there, in CI, with retries to spare',
    expect: at('run-end'),
  },
  { id: 'snapshot-obsolete', what: 'a snapshot is no longer used', expect: at('file') },
  { id: 'snapshot-file-obsolete', what: 'a snapshot file belongs to no test file', expect: at('run-end') },
  { id: 'snapshot-updated', what: 'a snapshot differs and is updated', expect: green },

  { id: 'list', what: 'the tests are listed, not run', expect: green },
  { id: 'merge', what: 'reports of earlier runs, with failures, are merged', expect: green },
  {
    id: 'exit-code-chosen',
    what: "failed tests exit with a code of the user's own",
    expect: { exit: 3, promised: true, by: 'attempt' },
  },
  { id: 'exit-code-zero', what: 'failed tests are to exit with 0', expect: green },
  { id: 'results-rewritten', what: "the user's own code rewrites the results at the end", expect: green },
  {
    id: 'interrupted',
    what: 'SIGINT ends the run before anything failed',
    expect: { exit: 130, promised: false },
  },
  {
    id: 'terminated',
    what: 'SIGTERM ends the run before anything failed',
    expect: { exit: 143, promised: false },
  },
  { id: 'other-reporter-throws', what: 'another reporter throws at the end', expect: at('exit') },
  {
    id: 'exit-code-set',
    what: 'code in the main process sets a failing exit code at the end',
    expect: at('exit'),
  },

  { id: 'projects', what: 'a test fails in one of two projects', expect: at('file') },
  { id: 'projects-flaky', what: 'a test is flaky in one of two projects', expect: green },

  {
    id: 'below-threshold',
    what: 'fewer tests fail than the threshold asks for',
    expect: { exit: 1, promised: false },
  },
  { id: 'at-threshold', what: 'as many tests fail as the threshold asks for', expect: at('attempt') },
  { id: 'muted', what: 'only a muted test fails', expect: { exit: 1, promised: false } },
  { id: 'muted-beside-hard', what: 'a muted test fails, then one that counts', expect: at('attempt') },
  {
    id: 'outer-retries',
    what: 'a wrapper will run the failed test again',
    expect: { exit: 1, promised: false },
  },
  { id: 'nested-run', what: 'a passing test starts a run that fails', expect: green },
] as const satisfies readonly Row[];

export type RowId = (typeof table)[number]['id'];
