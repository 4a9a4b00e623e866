import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Env } from '../env.ts';
import { createRedactor } from './redact.ts';

function redact(env: Env, text: string, platform: NodeJS.Platform = 'linux'): string {
  return createRedactor(env, platform).redact(text).text;
}

describe('a value is redacted', () => {
  it.each([
    ['under a default name', { MY_TOKEN: 'abcdef' }, 'is abcdef', 'is [REDACTED]'],
    ['from six bytes on', { MY_TOKEN: 'üöä' }, 'is üöä', 'is [REDACTED]'],
    ['as Go quotes it', { MY_SECRET: 'pass"word' }, 'is "pass\\"word"', 'is "[REDACTED]"'],
    ['with its lines on one', { A_PRIVATE_KEY: '--BEGIN--\nabc\n' }, '--BEGIN-- abc', '[REDACTED]'],
    ['with its lines as Go quotes them', { A_PRIVATE_KEY: 'BEGIN\nabc' }, 'BEGIN\\nabc', '[REDACTED]'],
    ['once for each time', { A_TOKEN: 'abcdef' }, 'abcdef,abcdef', '[REDACTED],[REDACTED]'],
    [
      'under a name of the list',
      { BUILDKITE_REDACTED_VARS: ' MINE , ,X*', MINE: 'abcdef' },
      'abcdef',
      '[REDACTED]',
    ],
    ['of the job itself', { BUILDKITE_AGENT_ACCESS_TOKEN: 'bkat_123' }, 'bkat_123', '[REDACTED]'],
  ] as const)('%s', (_, env, text, expected) => {
    expect(redact(env, text)).toBe(expected);
  });
});

describe('a value stays', () => {
  it.each([
    ['under an ordinary name', { HOME: '/home/me' }, '/home/me'],
    ['under a name in other case', { my_token: 'abcdef' }, 'abcdef'],
    ['when it is short', { MY_TOKEN: 'abcde' }, 'abcde'],
    ['when it is empty', { MY_TOKEN: '' }, 'anything'],
    ['when it is only space', { MY_TOKEN: '       ' }, 'much        space'],
    ['when the list replaces the default', { BUILDKITE_REDACTED_VARS: 'MINE', MY_TOKEN: 'abcdef' }, 'abcdef'],
    ['when the list is empty', { BUILDKITE_REDACTED_VARS: '', MY_TOKEN: 'abcdef' }, 'abcdef'],
  ] as const)('%s', (_, env, text) => {
    expect(redact(env, text)).toBe(text);
    expect(createRedactor(env, 'linux').redact(text).redacted).toBe(false);
  });
});

it('takes names without regard to case on Windows', () => {
  expect(redact({ my_token: 'abcdef' }, 'abcdef', 'win32')).toBe('[REDACTED]');
});

it('tells whether something was redacted', () => {
  expect(createRedactor({ A_TOKEN: 'abcdef' }).redact('abcdef').redacted).toBe(true);
});

describe('a malformed pattern', () => {
  const env = { BUILDKITE_REDACTED_VARS: 'A[B,*_TOKEN', HOME: '/home/me', MODE: 'fast', X_TOKEN: 'abcdef' };

  it('makes the values of all variables secret', () => {
    expect(redact(env, 'abcdef in /home/me is fast')).toBe('[REDACTED] in [REDACTED] is fast');
  });

  it('is told', () => {
    expect(createRedactor(env).problem).toContain('"A[B"');
    expect(createRedactor({}).problem).toBeUndefined();
  });
});

describe('any text', () => {
  const letters = fc.string({
    unit: fc.constantFrom('a', 'b', ' ', '\n', '"', 'ü'),
    minLength: 6,
    maxLength: 12,
  });

  it('holds no secret of one line when it is redacted', () => {
    fc.assert(
      fc.property(letters, letters, fc.array(letters), (secret, other, parts) => {
        const needle = secret.trim();
        fc.pre(!secret.includes('\n') && needle.length > 0 && !'[REDACTED]'.includes(needle));
        const text = parts.flatMap((part) => [part, secret, other]).join('');
        const redacted = redact({ A_TOKEN: secret, B_TOKEN: other }, text);
        for (const rest of redacted.split('[REDACTED]')) expect(rest).not.toContain(needle);
      }),
    );
  });

  it('is redacted in time that grows with its length', () => {
    const secrets = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`S${n}_TOKEN`, `secret number ${n}`]),
    );
    const redactor = createRedactor({
      ...secrets,
      LONG_TOKEN: 'ab\n'.repeat(2000),
      SAME_TOKEN: 'a'.repeat(1000),
    });
    const text = `${'ab '.repeat(100_000)}secret number 42 ${'a'.repeat(100_000)}`;
    const started = performance.now();
    expect(redactor.redact(text).redacted).toBe(true);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
