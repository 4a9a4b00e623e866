import { describe, expect, it } from 'vitest';
import { describeFailure } from './detail.ts';

const stack = `Error: \u001b[2mexpect(\u001b[22m1)

Expected: 2
    at Object.toBe (/repo/a.test.js:14:23)
    at next (/repo/node_modules/x.js:1:1)`;

describe('describeFailure', () => {
  it('takes message and place from the stack of the first failure', () => {
    const test = {
      failureMessages: [stack, 'Error: second'],
      invocations: 3,
      location: { line: 2, column: 0 },
    };
    expect(describeFailure('/repo/a.test.js', test, 'unit')).toEqual({
      ...{ message: '\u001b[2mexpect(\u001b[22m1)\n\nExpected: 2', line: 14, column: 23 },
      ...{ attempts: 3, project: 'unit' },
    });
  });

  it('takes where the test begins if the stack does not tell', () => {
    const test = { failureMessages: ['Error: thrown text'], location: { line: 2, column: 0 } };
    expect(describeFailure('/repo/a.test.js', test)).toMatchObject({ line: 2, column: 1, attempts: 1 });
  });

  it('knows no place where nothing tells it', () => {
    const detail = describeFailure('/repo/a.test.js', { failureMessages: [], location: null });
    expect(detail).toEqual({ message: '', attempts: 1, project: undefined });
  });
});
