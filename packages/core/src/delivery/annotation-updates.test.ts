import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { madeUpPart, shownTest } from '../../test/made-up-part.ts';
import type { Annotate, AnnotateResult } from '../declarers/annotate.ts';
import { JobAnnotation } from '../evidence/job-annotation.ts';
import { mergeParts } from '../evidence/merge-parts.ts';
import { sleep } from '../sleep.ts';
import { AnnotationUpdates, type AnnotationUpdatesSetup } from './annotation-updates.ts';

const evidenceOf = (...names: string[]) =>
  mergeParts([madeUpPart(names.map((name) => shownTest(name)))], { job: null, top: '/repo', now: 0 });

/** Updates of what `names` tells, which has more to tell each time. */
function start(annotate: Annotate, more: Partial<AnnotationUpdatesSetup> = {}) {
  const names: string[] = [];
  return new AnnotationUpdates({
    job: new JobAnnotation({ jobId: 'job', annotate, folder: undefined, sleep }),
    read: () => {
      names.push(`test ${names.length}`);
      return evidenceOf(...names);
    },
    ...{ drainMs: 60_000, now: () => 0, sleep },
    log: { debug() {}, info() {}, warn() {}, header() {} },
    ...more,
  });
}

it('keeps everybody waiting who asks for the last update while it is under way', async () => {
  let answer = (_result: AnnotateResult) => {};
  const updates = start(
    () =>
      new Promise<AnnotateResult>((resolve) => {
        answer = resolve;
      }),
  );
  const ended: string[] = [];
  const asked = ['first', 'second'].map((who) => updates.finish(0).then(() => ended.push(who)));
  await wait(20);
  expect(ended).toEqual([]);
  answer({ done: true });
  await Promise.all(asked);
  expect(ended).toEqual(['first', 'second']);
});

it('makes no update after the last one', async () => {
  let calls = 0;
  const updates = start(async () => {
    calls++;
    return { done: true };
  });
  await updates.finish(0);
  updates.ask();
  await wait(20);
  expect(calls).toBe(1);
});

it('has its share of the drain timeout from the end of the run on, whenever this thread learned of that', async () => {
  const warnings: string[] = [];
  const silent: Annotate = (_annotation, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const updates = start(silent, {
    drainMs: 20_000,
    now: () => 16_950,
    log: { debug() {}, info() {}, header() {}, warn: (text) => void warnings.push(text) },
  });
  await updates.finish(1000);
  expect(warnings).toEqual([
    'the annotation has no answer after 16000 ms; the run ends without waiting for it',
  ]);
});
