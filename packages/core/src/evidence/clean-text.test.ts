import { describe, expect, it } from 'vitest';
import { cleanMessage, cleanTitle } from './clean-text.ts';

const redact = (text: string) => text.replaceAll('s3cret-value', '[REDACTED]');
const keep = (text: string) => text;

describe('cleanMessage', () => {
  it('finds a secret that colours run through', () => {
    expect(cleanMessage('with s3cr\u001b[7met-va\u001b[27mlue.', redact)).toBe('with [REDACTED].');
  });

  it('finds a secret that other control characters run through', () => {
    expect(cleanMessage('with s3cr\u0000et-\u0008value.', redact)).toBe('with [REDACTED].');
  });

  it('shows no part of a secret at the end of what is shown', () => {
    const shown = cleanMessage(`${'x'.repeat(1495)}s3cret-value${'y'.repeat(100)}`, redact);
    expect(shown).not.toContain('s3');
    expect(shown).toHaveLength(1500);
  });

  it('shows the first twenty lines and says that there were more', () => {
    const lines = Array.from({ length: 30 }, (_, number) => `line ${number}`);
    expect(cleanMessage(lines.join('\n'), keep).split('\n')).toEqual([...lines.slice(0, 20), '…']);
  });

  it('reads no more of ten megabytes than it can show', () => {
    const startedAt = performance.now();
    expect(cleanMessage('x'.repeat(10_000_000), keep)).toHaveLength(1500);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('cuts no character in two', () => {
    const shown = cleanMessage('🎉'.repeat(2000), keep);
    expect(shown).toBe(`${'🎉'.repeat(1499)}…`);
  });
});

describe('cleanTitle', () => {
  it('is one line without colours', () => {
    expect(cleanTitle('\u001b[31m two\n  lines\u001b[39m ', keep)).toBe('two lines');
  });

  it('is cut where it is long', () => {
    expect(cleanTitle('t'.repeat(5000), keep)).toHaveLength(300);
  });
});
