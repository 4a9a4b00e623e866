import { describe, expect, it } from 'vitest';
import { messageInStack, placeInStack } from './stack-place.ts';

const stack = `Error: expected /repo/a.test.js:1:1 to be fine

  more of it
    at check (/repo/helper.js:9:9)
    at Object.<anonymous> (/repo/a.test.js:14:23)
    at run (/repo/a.test.js:99:1)`;

describe('placeInStack', () => {
  it('is the innermost frame in the file, not what the message speaks of', () => {
    expect(placeInStack(stack, '/repo/a.test.js')).toEqual({ line: 14, column: 23 });
  });

  it('is found in a frame of an ES module', () => {
    expect(placeInStack('Error: x\n    at file:///repo/a%20b.js:3:5', '/repo/a b.js')).toEqual({
      line: 3,
      column: 5,
    });
  });

  it.each([
    ['has no frames', 'Error: /repo/a.test.js:1:1', '/repo/a.test.js'],
    ['leads through other files only', stack, '/repo/b.test.js'],
    ['names the file without a place', 'Error: x\n    at /repo/a.test.js:x', '/repo/a.test.js'],
  ])('is none where the stack %s', (_what, text, file) => {
    expect(placeInStack(text, file)).toBeUndefined();
  });
});

describe('messageInStack', () => {
  it('is what stands before the frames', () => {
    expect(messageInStack(stack)).toBe('expected /repo/a.test.js:1:1 to be fine\n\n  more of it');
    expect(messageInStack('TypeError: no frames')).toBe('TypeError: no frames');
  });
});
