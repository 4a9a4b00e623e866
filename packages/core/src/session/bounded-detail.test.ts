import { describe, expect, it } from 'vitest';
import { BoundedDetails } from './bounded-detail.ts';

describe('BoundedDetails', () => {
  it('asks for no detail that does not go on', () => {
    const details = new BoundedDetails({});
    let asked = 0;
    for (let at = 0; at < 5000; at++) details.take(() => ({ line: ++asked }));
    expect(asked).toBe(1000);
    expect(details.take(undefined)).toBeUndefined();
  });

  it('keeps the beginning of a message, and with it a secret that begins in what is shown', () => {
    const secret = 's'.repeat(20_000);
    const details = new BoundedDetails({ TOKEN: secret });
    const message = `${'x'.repeat(1400)}${secret}${'y'.repeat(1_000_000)}`;
    const { message: kept = '' } = details.take(() => ({ message })) ?? {};
    expect(kept).toContain(secret);
    expect(kept.length).toBeLessThan(60_000);
    expect(message.startsWith(kept)).toBe(true);
  });
});
