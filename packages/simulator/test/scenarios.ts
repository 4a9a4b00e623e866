import type { Build } from '../src/model/types.ts';

/** What must be the same whoever runs the jobs. */
export const picture = (build: Build) => ({
  state: build.state,
  jobs: build.jobs.map((job) => [job.step.label, job.state, job.exitStatus, job.promisedExitStatus]),
});

/** Ends the job with 9 if the command succeeds; `!` would go unheard by the shell's -e. */
const refused = (command: string) => `if ${command}; then exit 9; fi`;

const promise = (status: number) =>
  `buildkite-agent job promise-failure ${status} --reason "test_failure (1 failed)"`;

/** Pipelines, and what their builds come to whoever runs the jobs. */
export const scenarios: [name: string, steps: unknown[], expected: ReturnType<typeof picture>][] = [
  [
    'a job passes',
    [{ label: 'A', command: 'true' }],
    { state: 'passed', jobs: [['A', 'finished', 0, null]] },
  ],
  [
    'a list of commands ends at the first that fails',
    [{ label: 'A', command: ['(exit 3)', 'true'] }],
    { state: 'failed', jobs: [['A', 'finished', 3, null]] },
  ],
  [
    'a promise turns the build failing and cancels the sibling that is not needed then',
    [
      {
        label: 'A',
        command: ['while ! test -e b-runs; do sleep 0.1; done', promise(2), 'sleep 1', 'exit 2'],
      },
      { label: 'B', command: 'touch b-runs; sleep 60', cancel_on_build_failing: true },
    ],
    {
      state: 'failed',

      jobs: [
        ['A', 'finished', 2, 2],
        ['B', 'canceled', -1, null],
      ],
    },
  ],
  [
    'a promise binds a job that then reports success',
    [{ label: 'A', command: [promise(4), 'exit 0'] }],
    { state: 'failed', jobs: [['A', 'finished', 4, 4]] },
  ],
  [
    'a soft promise does not fail the build',
    [{ label: 'A', command: [promise(5), 'exit 5'], soft_fail: [{ exit_status: 5 }] }],
    { state: 'passed', jobs: [['A', 'finished', 5, 5]] },
  ],
  [
    'a promise that will be retried does not fail the build, and the retry can pass',
    [
      {
        label: 'A',
        command: [`test "$$BUILDKITE_RETRY_COUNT" = 1 || { ${promise(1)}; exit 1; }`],
        retry: { automatic: [{ exit_status: 1, limit: 1 }] },
      },
    ],
    {
      state: 'passed',

      jobs: [
        ['A', 'finished', 1, 1],
        ['A', 'finished', 0, null],
      ],
    },
  ],
  [
    'parallel jobs know their places',
    [
      {
        label: 'A',
        command: 'exit $$((BUILDKITE_PARALLEL_JOB_COUNT * 10 + BUILDKITE_PARALLEL_JOB))',
        parallelism: 2,
      },
    ],
    {
      state: 'failed',

      jobs: [
        ['A', 'finished', 20, null],
        ['A', 'finished', 21, null],
      ],
    },
  ],
  [
    'what depends on a failed step never runs',
    [
      { label: 'A', key: 'a', command: 'exit 1', soft_fail: true },
      { label: 'B', key: 'b', command: 'exit 1', depends_on: 'a' },
      { label: 'C', command: 'true', depends_on: 'b' },
    ],
    {
      state: 'failed',

      jobs: [
        ['A', 'finished', 1, null],
        ['B', 'finished', 1, null],
        ['C', 'waiting_failed', null, null],
      ],
    },
  ],
  [
    'a job leaves meta-data and annotations that later jobs read',
    [
      {
        label: 'A',
        command: [
          'buildkite-agent meta-data set color blue',
          'buildkite-agent annotate "**1** failed" --style error --context tests',
          'buildkite-agent annotate " again" --append --context tests',
        ],
      },
      'wait',
      {
        label: 'B',
        command:
          'test "$$(buildkite-agent meta-data get color)" = blue && buildkite-agent meta-data exists color',
      },
    ],
    {
      state: 'passed',

      jobs: [
        ['A', 'finished', 0, null],
        ['B', 'finished', 0, null],
      ],
    },
  ],
  [
    'a job uploads steps that run before what waits for it',
    [
      {
        label: 'A',
        command: `echo '{"steps":[{"label":"C","command":"exit 6"}]}' | buildkite-agent pipeline upload`,
      },
      'wait',
      { label: 'B', command: 'true' },
    ],
    {
      state: 'failed',

      jobs: [
        ['A', 'finished', 0, null],
        ['B', 'waiting_failed', null, null],
        ['C', 'finished', 6, null],
      ],
    },
  ],
  [
    'a line of commands ends at the first that fails: what is to clean up does not run',
    [{ label: 'A', command: 'false; true' }],
    { state: 'failed', jobs: [['A', 'finished', 1, null]] },
  ],
  [
    'a job has a terminal of its own',
    [{ label: 'A', command: 'test -t 0 && test -t 1 && test "$$(stty size)" = "100 160"' }],
    { state: 'passed', jobs: [['A', 'finished', 0, null]] },
  ],
  [
    'a job knows its build, and two dollar signs are for its own shell',
    [
      {
        label: 'A',
        env: { GREETING: 'hi' },
        command: [
          'test "$$GREETING $$BUILDKITE_PULL_REQUEST $$BUILDKITE_SOURCE" = "hi false api"',
          'test "$BUILDKITE_BRANCH" = "$$BUILDKITE_BRANCH"',
          'test "$$BUILDKITE_COMMAND" != "" && test "$GREETING" = ""',
        ],
      },
    ],
    { state: 'passed', jobs: [['A', 'finished', 0, null]] },
  ],
  [
    'a step that is skipped or for another branch never runs, and fails nothing',
    [
      { label: 'A', command: 'false', skip: 'not today' },
      { label: 'B', command: 'false', branches: 'release/*' },
      'wait',
      { label: 'C', command: 'true' },
    ],
    {
      state: 'passed',
      jobs: [
        ['A', 'skipped', null, null],
        ['B', 'broken', null, null],
        ['C', 'finished', 0, null],
      ],
    },
  ],
  [
    'a promise of another status is refused, and so is one below the first',
    [
      {
        label: 'A',
        command: [promise(2), refused(promise(3)), promise(2), refused(promise(0)), 'exit 2'],
      },
    ],
    { state: 'failed', jobs: [['A', 'finished', 2, 2]] },
  ],
  [
    'what breaks the rules of annotations, meta-data and uploads is refused',
    [
      {
        label: 'A',
        command: [
          refused('buildkite-agent annotate "x" --context "$$(printf "c%.0s" $$(seq 101))"'),
          refused('buildkite-agent meta-data set buildkite:own value'),
          refused('buildkite-agent meta-data get none'),
          'test "$$(buildkite-agent meta-data get none --default other)" = other',
          'buildkite-agent meta-data exists none || test $$? = 100',
          refused(`echo '{"steps":[{"trigger":"other"}]}' | buildkite-agent pipeline upload`),
        ],
      },
    ],
    { state: 'passed', jobs: [['A', 'finished', 0, null]] },
  ],
];
