import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { madeUpPart, shownTest } from '../../test/made-up-part.ts';
import type { AnnotateResult } from '../declarers/annotate.ts';
import { JobAnnotation } from '../evidence/job-annotation.ts';
import { mergeParts } from '../evidence/merge-parts.ts';
import { sleep } from '../sleep.ts';
import { AnnotationUpdates } from './annotation-updates.ts';

it('keeps everybody waiting who asks for the last update while it is under way', async () => {
  const evidence = mergeParts([madeUpPart([shownTest('a')])], { job: null, top: '/repo', now: 0 });
  let answer = (_result: AnnotateResult) => {};
  const annotate = () =>
    new Promise<AnnotateResult>((resolve) => {
      answer = resolve;
    });
  const updates = new AnnotationUpdates({
    job: new JobAnnotation({ jobId: 'job', annotate, folder: undefined, sleep }),
    ...{ read: () => evidence, drainMs: 60_000, now: () => 0, sleep },
    log: { debug() {}, info() {}, warn() {}, header() {} },
  });
  const ended: string[] = [];
  const asked = ['first', 'second'].map((who) => updates.finish().then(() => ended.push(who)));
  await wait(20);
  expect(ended).toEqual([]);
  answer({ done: true });
  await Promise.all(asked);
  expect(ended).toEqual(['first', 'second']);
});
