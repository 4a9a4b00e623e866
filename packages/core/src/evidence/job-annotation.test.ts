import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeUpPart, shownTest } from '../../test/made-up-part.ts';
import type { AnnotateResult } from '../declarers/annotate.ts';
import { sleep } from '../sleep.ts';
import { JobAnnotation } from './job-annotation.ts';
import { mergeParts } from './merge-parts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pf-annotation-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const evidence = (...names: string[]) =>
  mergeParts([madeUpPart(names.map((name) => shownTest(name)))], { job: null, top: '/repo', now: 0 });
const { signal } = new AbortController();

/** An annotation of which several processes hold one object each. */
function start(answer: () => Promise<AnnotateResult> = async () => ({ done: true })) {
  const bodies: string[] = [];
  let underWay = 0;
  let most = 0;
  const open = (shared = folder) =>
    new JobAnnotation({
      jobId: 'job',
      folder: shared || undefined,
      sleep,
      annotate: async ({ body, context }) => {
        expect(context).toBe('promise-failure-job');
        bodies.push(body);
        most = Math.max(most, ++underWay);
        const result = await answer();
        underWay--;
        return result;
      },
    });
  return { open, bodies, most: () => most };
}

describe('JobAnnotation', () => {
  it('sends one update at a time, whoever of the job makes it', async () => {
    const slow = () => new Promise<AnnotateResult>((resolve) => setTimeout(resolve, 20, { done: true }));
    const { open, bodies, most } = start(slow);
    const names = Array.from({ length: 8 }, (_, number) => `t${number}`);
    await Promise.all(names.map((name) => open().update(() => evidence(name), signal)));
    expect(bodies).toHaveLength(8);
    expect(most()).toBe(1);
  });

  it('reads what there is to show when its turn has come, and not before', async () => {
    const known: string[] = ['a'];
    const { open, bodies } = start(async () => {
      known.push('b');
      return { done: true };
    });
    const read = () => evidence(...known);
    await Promise.all([open().update(read, signal), open().update(read, signal)]);
    expect(bodies[1]).toContain('Cart &#62; b');
  });

  it('sends nothing that another process has shown already', async () => {
    const { open, bodies } = start();
    expect(open().age).toBe(Number.POSITIVE_INFINITY);
    await open().update(() => evidence('a'), signal);
    await open().update(() => evidence('a'), signal);
    expect(bodies).toHaveLength(1);
    expect(open().age).toBeLessThan(60_000);
  });

  it('sends nothing twice where nothing can be shared', async () => {
    const { open, bodies } = start();
    const alone = open('');
    await alone.update(() => evidence('a'), signal);
    await alone.update(() => evidence('a'), signal);
    expect(bodies).toHaveLength(1);
  });

  it('sends again what was refused', async () => {
    const refused: AnnotateResult = { done: false, verdict: 'transient', message: 'busy' };
    const { open, bodies } = start(async () => refused);
    expect(await open().update(() => evidence('a'), signal)).toEqual(refused);
    await open().update(() => evidence('a'), signal);
    expect(bodies).toHaveLength(2);
  });

  it('takes over from a process that died during its turn', async () => {
    const { open, bodies } = start();
    writeFileSync(join(folder, 'annotation.turn'), '4194305');
    await open().update(() => evidence('a'), signal);
    expect(bodies).toHaveLength(1);
  });

  it('takes over a turn that lasts longer than any', async () => {
    const { open, bodies } = start();
    writeFileSync(join(folder, 'annotation.turn'), String(process.pid));
    utimesSync(join(folder, 'annotation.turn'), 1, 1);
    await open().update(() => evidence('a'), signal);
    expect(bodies).toHaveLength(1);
  });

  it('goes on without turns where none can be taken', async () => {
    const { open, bodies } = start();
    await open(join(folder, 'gone')).update(() => evidence('a'), signal);
    expect(bodies).toHaveLength(1);
  });

  it('waits for its turn no longer than it is wanted', async () => {
    const { open, bodies } = start();
    writeFileSync(join(folder, 'annotation.turn'), String(process.pid));
    const wanted = new AbortController();
    const update = open().update(() => evidence('a'), wanted.signal);
    setTimeout(() => wanted.abort(), 20);
    await expect(update).rejects.toThrow();
    expect(bodies).toEqual([]);
  });
});
