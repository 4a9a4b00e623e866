import { createLog } from '@promise-failure/core/log';
import { expect, it } from 'vitest';
import type { FileHistory } from '../history/format.ts';
import { createKnowledge } from './knowledge.ts';

const hour = 60 * 60 * 1000;
const now = 1000 * hour;
const names = Array.from({ length: 200 }, (_, at) => `${at}.test.ts`);

/** A run of 200 files of 100 ms each, of which some failed that many hours ago. */
async function rank(failed: Readonly<Record<string, number>>, failedOn: string, ms = 100) {
  const said: string[] = [];
  const history = new Map(
    names.map((name): [string, FileHistory] => {
      const age = failed[name];
      const at = now - (age ?? 1) * hour;
      const failures = age === undefined ? [] : [{ run: 'r', at, branch: failedOn, flaky: false }];
      return [name, { ms: failures.length > 0 ? ms : 100, at, failures }];
    }),
  );
  const knowledge = await createKnowledge({
    ...{ files: names, changed: [], history, graph: undefined, branch: 'topic', now },
    keyOf: (path) => path,
    log: createLog(false, { write: (line) => said.push(line) }),
  });
  return { order: knowledge.rank(names, (name) => name), said: said.join('') };
}

it('puts first what failed on other branches for a small part of the run only, the latest first', async () => {
  const failed = Object.fromEntries([50, 60, 70, 80, 90].map((at) => [`${at}.test.ts`, at]));
  const { order, said } = await rank(failed, 'other');
  expect(order.slice(0, 4)).toEqual(['50.test.ts', '60.test.ts', '70.test.ts', '0.test.ts']);
  expect(said).toContain('3 failed lately, of 200 files');
});

it('leaves a long file in its place that failed on another branch', async () => {
  const { order } = await rank({ '50.test.ts': 1 }, 'other', 500);
  expect(order).toEqual(names);
});

it('puts first all that failed on this branch', async () => {
  const failed = Object.fromEntries([50, 60, 70, 80, 90].map((at) => [`${at}.test.ts`, at]));
  const { order } = await rank(failed, 'topic', 500);
  expect(order.slice(0, 6)).toEqual([...Object.keys(failed), '0.test.ts']);
});
