import { expect, it } from 'vitest';
import { createRefusalTeller, type Refusal } from './refusals.ts';

it('tells the first refused request at once, and the others together when the time is up', () => {
  const told: Refusal[] = [];
  let now = 0;
  const refuse = createRefusalTeller((refusal) => told.push(refusal), { everyMs: 300, now: () => now });
  for (const at of [0, 1, 299]) {
    now = at;
    refuse('the token is wrong');
  }
  expect(told).toEqual([{ problem: 'the token is wrong', requests: 1 }]);
  for (const at of [300, 301]) {
    now = at;
    refuse('the body is no JSON');
  }
  expect(told.slice(1)).toEqual([{ problem: 'the body is no JSON', requests: 3 }]);
});
