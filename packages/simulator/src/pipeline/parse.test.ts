import { expect, test } from 'vitest';
import { parsePipeline } from './parse.ts';
import { PipelineError } from './problems.ts';

const parse = (text: string) => parsePipeline(text, 'p.yml');

function messageOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof PipelineError) return error.message;
    throw error;
  }
  return 'no problem';
}

test('reads every key of a step', () => {
  const { env, steps } = parse(`
env: { A: 1.50, B: true }
steps:
  - label: Tests
    key: tests
    command: [make, make test]
    env: { C: "x" }
    parallelism: 3
    soft_fail: [{ exit_status: 42 }, { exit_status: "*" }]
    retry: { automatic: [{ exit_status: -1, limit: 1 }, { exit_status: [2, 3] }] }
    cancel_on_build_failing: true
`);
  expect(env).toEqual({ A: '1.50', B: 'true' });
  expect(steps).toEqual([
    {
      label: 'Tests',
      key: 'tests',
      command: 'make\nmake test',
      env: { C: 'x' },
      parallelism: 3,
      softFail: [42, '*'],
      automaticRetry: [
        { exitStatus: [-1], limit: 1 },
        { exitStatus: [2, 3], limit: 2 },
      ],
      cancelOnBuildFailing: true,
      after: [],
    },
  ]);
});

test.each([
  ['true', [{ exitStatus: ['*'], limit: 2 }]],
  ['false', []],
  ['{ limit: 4 }', [{ exitStatus: ['*'], limit: 4 }]],
])('retry.automatic: %s', (yaml, rules) => {
  const { steps } = parse(`steps: [{ command: x, retry: { automatic: ${yaml} } }]`);
  expect(steps[0]?.automaticRetry).toEqual(rules);
});

test('a step runs after those before the wait, or after those it names', () => {
  const { steps } = parse(`
steps:
  - { key: a, command: x }
  - { key: b, command: x }
  - wait
  - { key: c, command: x }
  - { key: d, command: x, depends_on: a }
  - { key: e, command: x, depends_on: ~ }
  - wait: ~
  - { key: f, command: x }
`);
  expect(steps.map(({ key, after }) => [key, after])).toEqual([
    ['a', []],
    ['b', []],
    ['c', [0, 1]],
    ['d', [0]],
    ['e', []],
    ['f', [0, 1, 2, 3, 4]],
  ]);
});

test.each([
  ['steps: []', 1, /steps must be a list.*found \[\]/],
  ['', 1, /must be a map with steps, env, agents; found nothing/],
  ['- x', 1, /must be a map/],
  ['steps:\n  - label: x', 2, /no command/],
  ['steps:\n  - command: x\n    lable: y', 3, /unknown key "lable".*known are label/],
  ['steps:\n  - command: x\nextra: 1', 3, /unknown key "extra"/],
  ['steps:\n  - command: true', 2, /command: expected a text; found true/],
  ['steps:\n  - command: x\n    parallelism: 0', 3, /from 1 to 1000; found 0/],
  ['steps:\n  - command: x\n    parallelism: "2"', 3, /whole number.*found "2"/],
  ['steps:\n  - command: x\n    soft_fail: yes', 3, /soft_fail: expected true or false; found "yes"/],
  ['steps:\n  - command: x\n    soft_fail:\n      - exit_status: 0', 4, /exit_status must be/],
  ['steps:\n  - command: x\n    soft_fail:\n      - 1', 4, /must be a map with exit_status; found 1/],
  ['steps:\n  - command: x\n    retry:\n      sometimes: true', 4, /unknown key "sometimes"/],
  ['steps:\n  - command: x\n    retry: true', 3, /retry must be a map with automatic, manual; found true/],
  ['steps:\n  - command: x\n    retry:\n      automatic:\n        limit: 11', 5, /from 0 to 10; found 11/],
  ['steps:\n  - command: x\n    env:\n      A: [1]', 4, /value of A must be a text/],
  ['steps:\n  - command: x\n    key: a b', 3, /letters, digits/],
  ['steps:\n  - {command: x, key: a}\n  - command: x\n    key: a', 2, /belongs to another step/],
  ['steps:\n  - command: x\n    depends_on: nope', 3, /names "nope".*keys are none/],
  [
    'steps:\n  - {key: a, command: x, depends_on: b}\n  - {key: b, command: x, depends_on: a}',
    2,
    /depends on itself/,
  ],
  ['steps:\n  - wait: 5', 2, /wait takes no value/],
  ['steps:\n  - wait: ~\n    if: x', 3, /unknown key "if" in the wait step/],
  ['steps:\n  - command: x\n    command: y', 3, /unique/],
  ['steps:\n  - command: "x', 2, /quote/i],
])('refuses %j on line %i', (text, line, message) => {
  const [first = ''] = messageOf(text).split('\n');
  expect(first).toMatch(message);
  expect(first).toContain(`p.yml:${line}: `);
});

test('tells all problems at once, in the order of their lines', () => {
  const lines = messageOf('steps:\n  - lable: x\n    parallelism: 0\n    key: "?"\nnope: 1').split('\n');
  expect(lines.map((line) => line.split(':')[1])).toEqual(['2', '2', '3', '4', '5']);
});

test('anchors and aliases are followed', () => {
  const { steps } = parse('steps:\n  - {command: x, env: &e {A: b}}\n  - {command: y, env: *e}');
  expect(steps[1]?.env).toEqual({ A: 'b' });
});
