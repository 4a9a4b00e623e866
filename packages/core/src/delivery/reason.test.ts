import { describe, expect, it } from 'vitest';
import type { RunError, TestIdentity } from '../vocabulary.ts';
import { describeFailures, maxReasonLength } from './reason.ts';

const plain = (text: string) => text;
const named = (...titlePath: string[]): TestIdentity => ({ scope: '', name: '', file: '/f', titlePath });

describe('describeFailures', () => {
  it('has the form people know', () => {
    expect(describeFailures([named('Checkout', 'pays by card')], [], 1, plain)).toBe(
      'test_failure (1 failed after retries: Checkout > pays by card)',
    );
  });

  it('names a run error by file and message', () => {
    const error: RunError = { kind: 'file', where: 'a.test.ts', message: 'Cannot find module' };
    expect(describeFailures([], [error], 1, plain)).toBe(
      'run_error (1 failed: a.test.ts: Cannot find module)',
    );
  });

  it('stays short whatever the number and length of names, and tells how many it left out', () => {
    const tests = Array.from({ length: 500 }, (_, n) => named('Suite', `${n} ${'long '.repeat(20)}`));
    const reason = describeFailures(tests, [], 500, plain);
    expect(reason.length).toBeLessThanOrEqual(maxReasonLength);
    expect(reason).toMatch(/^test_failure \(500 failed after retries: Suite > 0 long .*and 4\d\d more\)$/);
    expect(describeFailures([named('x'.repeat(5000))], [], 1, plain).length).toBeLessThanOrEqual(
      maxReasonLength,
    );
  });

  it('is one line without terminal colours', () => {
    expect(describeFailures([named('a\n\tb', '\u001b[31mred\u001b[0m\u0007')], [], 1, plain)).toBe(
      'test_failure (1 failed after retries: a b > red)',
    );
  });

  it('redacts before it shortens, so that no half of a secret is left', () => {
    const secret = 's3cr3t'.repeat(60);
    const redact = (text: string) => text.replaceAll(secret, '[REDACTED]');
    expect(describeFailures([named(`before ${secret} after`)], [], 1, redact)).not.toContain('s3cr3t');
  });
});
