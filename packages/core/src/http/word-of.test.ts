import { expect, it } from 'vitest';
import { wordOf } from './word-of.ts';

it.each([
  [
    'the code of the system',
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED',
  ],
  ['the message where there is none', new Error('no way'), 'no way'],
  ['no number', new DOMException('no answer in time', 'TimeoutError'), 'no answer in time'],
  ['the name of what has no message', new DOMException('', 'TimeoutError'), 'TimeoutError'],
  ['what is no error', 'gone', 'gone'],
])('tells of an error %s', (_what, error, word) => {
  expect(wordOf(error)).toBe(word);
});
