import { describe, expect, it } from 'vitest';
import { madeUpPart, shownTest } from '../../test/made-up-part.ts';
import { annotationBody } from './annotation-body.ts';
import { mergeParts } from './merge-parts.ts';
import type { Part, ShownTest } from './part.ts';

const bodyOf = (tests: readonly ShownTest[], more: Partial<Part> = {}) =>
  annotationBody(mergeParts([madeUpPart(tests, more)], { job: null, top: '/repo', now: 0 }));
const count = (text: string, what: string) => text.split(what).length - 1;

describe('annotationBody', () => {
  it('shows fifty tests of two hundred, the number of the others, and commands for those that it shows', () => {
    const body = bodyOf(Array.from({ length: 200 }, (_, number) => shownTest(`test ${number}!`)));
    expect(body).toContain('**200 failed for good**');
    expect(count(body, '<summary>')).toBe(50);
    expect(body).toContain('… and 150 more tests.');
    expect(body).toContain('test 49!');
    expect(body).not.toContain('test 50');
  });

  it('keeps within what Buildkite takes, whatever the messages grow to when they are escaped', () => {
    const huge = '<'.repeat(10_000);
    const body = bodyOf(
      Array.from({ length: 50 }, (_, number) => shownTest(String(number), { message: huge })),
    );
    expect(Buffer.byteLength(body)).toBeLessThan(1_000_000);
    expect(body).toMatch(/… and \d+ more tests/);
  });

  it('tells what is promised and goes on, what has ended, and what has not been promised', () => {
    expect(bodyOf([shownTest('a')])).toContain('Exit status 1 promised at 00:00:02 UTC; the tests go on.');
    expect(bodyOf([shownTest('a')], { finishedAt: 376_000 })).toContain(
      'promised at 00:00:02 UTC, 6 min 14 s before the tests ended at 00:06:16 UTC.',
    );
    const held = { because: 'Buildkite refused it', by: null };
    expect(bodyOf([shownTest('a')], { promise: null, held })).toContain(
      'Not promised: Buildkite refused it.',
    );
  });

  it('says where a command is to be run, unless that is the top', () => {
    expect(bodyOf([shownTest('a')])).toContain('Run just these again in <code>shop</code>:');
    expect(bodyOf([shownTest('a')], { cwd: '/repo' })).toContain('Run just these again:');
  });
});
