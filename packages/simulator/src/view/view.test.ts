import pc from 'picocolors';
import { expect, test } from 'vitest';
import { anyFailureTwice } from '../model/exit-rules.ts';
import { createModel } from '../model/model.ts';
import { createStep } from '../model/records.ts';
import type { Job } from '../model/types.ts';
import { livePicture } from './live.ts';
import { plainLine } from './plain.ts';
import { summary } from './summary.ts';
import { duration } from './words.ts';

const colors = pc.createColors(false);

/** A build at 14:00:00 UTC: tests promise after 2 s and end after 10 s, the sibling is cancelled, one is retried. */
function scene() {
  const begin = Date.UTC(2026, 0, 1, 14);
  let now = begin;
  const model = createModel({ clock: { now: () => now } });
  const lines: string[] = [];
  model.subscribe((event) => {
    const line = plainLine(event);
    if (line !== undefined) lines.push(line);
  });
  const build = model.createBuild();
  const add = (label: string, rest = {}): Job => {
    const job = model.addJob(build, { step: createStep({ label, command: '', ...rest }) });
    model.start(job);
    return job;
  };
  const tests = add('Tests');
  const sibling = add('Visual diff', { cancelOnBuildFailing: true });
  const retried = add('Retried', { automaticRetry: anyFailureTwice });
  const go = (seconds: number) => {
    now = begin + seconds * 1000;
  };
  return { model, build, tests, sibling, retried, lines, go, now: () => now };
}

function played() {
  const scenery = scene();
  const { model, build, tests, sibling, retried, go } = scenery;
  go(1);
  model.finish(retried, { exitStatus: 1 });
  const again = build.jobs[3];
  if (again === undefined) throw new Error('no retry');
  model.start(again);
  go(2);
  model.promise(tests, 1, 'test_failure\n\u001b(1 failed)');
  model.finish(sibling, { exitStatus: -1, signal: 'SIGTERM' });
  model.finish(again, { exitStatus: 0 });
  return scenery;
}

function ended() {
  const scenery = played();
  scenery.go(10);
  scenery.model.seal(scenery.build);
  scenery.model.finish(scenery.tests, { exitStatus: 0 });
  return scenery;
}

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [999.7, '1.0 s'],
  [12_345, '12.3 s'],
  [99_960, '1 min 40 s'],
  [185_000, '3 min 05 s'],
  [3_600_000, '60 min 00 s'],
])('%i ms read as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('plain lines tell time, job and promise', () => {
  const { lines } = ended();
  expect(lines).toContain('14:00:02.000 +2.0 s  Tests: PROMISED exit 1, test_failure (1 failed)');
  expect(lines).toContain('14:00:02.000 +2.0 s  build #1 is FAILING, and its jobs run on');
  expect(lines).toContain('14:00:02.000 +2.0 s  Visual diff: canceled');
  expect(lines).toContain('14:00:01.000 +1.0 s  Retried: failed (exit 1, retried)');
  expect(lines.at(-1)).toBe('14:00:10.000 +10.0 s  build #1 is failed');
});

test('the live picture shows a promise below its job while the job runs on', () => {
  const { build, go, now } = played();
  go(5);
  const lines = livePicture(build, { now: now(), columns: 80, colors }).split('\n');
  expect(lines[0]).toBe('Build #1 failing, failing since 2.0 s  5.0 s');
  expect(lines[1]).toMatch(/Tests {14}running {2}5\.0 s$/);
  expect(lines[2]).toBe('    ⚑ promised exit 1 at 2.0 s: test_failure (1 failed)');
  expect(lines.slice(3).map((line) => line.slice(2, 21).trim())).toEqual([
    'Visual diff',
    'Retried',
    'Retried (retry 1)',
  ]);
});

test('a fresh promise stands out, an older one less', () => {
  const bright = pc.createColors(true);
  const { build, now } = played();
  const draw = (later: number) => livePicture(build, { now: now() + later, columns: 80, colors: bright });
  expect(draw(0)).toContain(bright.inverse(bright.red('promised exit 1 at 2.0 s: test_failure (1 failed)')));
  expect(draw(5000)).not.toContain('[7m');
});

test('no line of the live picture is wider than the terminal', () => {
  const { build, now } = played();
  const lines = livePicture(build, { now: now(), columns: 30, colors }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30);
});

test('the summary gives head start, what cancelling saved, and when the build was known to fail', () => {
  const text = summary(ended().build);
  const row = (label: string) => text.split('\n').find((line) => line.includes(`│ ${label}`));
  expect(row('Tests')).toMatch(/at 2\.0 s │ at 10\.0 s │ 8\.0 s +│ failed \(exit 1, reported 0\)/);
  expect(row('Visual diff')).toMatch(/- +│ at 2\.0 s +│ - +│ canceled/);
  expect(text).toContain("Visual diff was cancelled after 2.0 s, 8.0 s before the build's end.");
  expect(text).toContain('Build #1 was known to fail at 2.0 s and failed at 10.0 s: 8.0 s of head start.');
});

test('annotations and meta-data are told as they come, and stand below the jobs', () => {
  const { model, build, lines, go, now } = played();
  go(3);
  model.annotate(build, { body: '**1** failed\n\u001b[31m', context: 'tests', style: 'error' });
  model.annotate(build, { body: ' again', context: 'tests', append: true, priority: 2 });
  model.annotate(build, { body: 'slow', context: 'times' });
  model.setMetaData(build, [{ key: 'color', value: 'blue' }]);
  const told = lines.slice(-4).map((line) => line.replace('14:00:03.000 +3.0 s  build #1: ', ''));
  expect(told).toEqual([
    'annotation tests (error): 1 failed',
    'annotation tests (error): 1 failed again',
    'annotation times: slow',
    'meta-data color=blue',
  ]);
  const drawn = livePicture(build, { now: now(), columns: 80, colors }).split('\n');
  expect(drawn.slice(-3)).toEqual([
    '✎ times: slow',
    '✎ tests (error): 1 failed again',
    '✎ meta-data color=blue',
  ]);
  model.removeAnnotation(build, { context: 'times' });
  expect(lines.at(-1)).toBe('14:00:03.000 +3.0 s  build #1: annotation times removed');
});
