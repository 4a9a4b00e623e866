import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateMap } from './state-map.ts';

const states = ['red', 'amber', 'green'] as const;
const state = fc.constantFrom(...states);

describe('StateMap', () => {
  it('knows nothing at first', () => {
    const map = new StateMap(states);
    expect([map.isEmpty, map.get('a')]).toEqual([true, undefined]);
  });

  it('is a map, whatever is written and overwritten, for the first ids and for those of which it keeps a fingerprint', () => {
    const id = fc.integer({ min: 0, max: 1400 }).map((n) => `file ${n % 7} > test ${n}`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(id, state), { minLength: 2000, maxLength: 3000, size: 'max' }),
        (writes) => {
          const [map, plain] = [new StateMap(states), new Map<string, string>()];
          for (const [key, value] of writes) {
            expect(map.get(key)).toBe(plain.get(key));
            map.set(key, value);
            plain.set(key, value);
          }
          for (const [key, value] of plain) expect(map.get(key)).toBe(value);
          expect(map.isEmpty).toBe(false);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('tells fifty thousand ids apart, while its table grows', () => {
    const map = new StateMap(states);
    const stateOf = (n: number) => states[n % 3] ?? 'red';
    for (let n = 0; n < 50_000; n++) map.set(`test ${n}`, stateOf(n));
    const wrong = Array.from({ length: 50_000 }, (_, n) => n).filter(
      (n) => map.get(`test ${n}`) !== stateOf(n) || map.get(`other ${n}`) !== undefined,
    );
    expect(wrong).toEqual([]);
  });
});
