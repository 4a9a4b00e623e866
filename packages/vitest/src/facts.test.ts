import type { Settle } from '@promise-failure/core';
import { describe, expect, it } from 'vitest';
import { type FakeFile, type FakeTest, failed, fakeFile, passed, recordingSession } from '../test/fakes.ts';
import { Facts } from './facts.ts';

function start(file: FakeFile, settle: Settle = 'attempt') {
  const { session, told } = recordingSession();
  return { facts: new Facts(session, settle), told, ...fakeFile(file) };
}

function tellTests(result: FakeTest['result'], settle?: Settle) {
  const { facts, told, tests } = start({ name: 'a', tests: [{ name: 'pays', result }] }, settle);
  for (const test of tests) facts.test(test, false);
  return told;
}

describe('a test', () => {
  it.each([
    ['passed at once', passed, []],
    ['failed', failed, ['pays failed, again: no']],
    [
      'passed with the errors of an earlier attempt',
      { state: 'passed', errors: [{ message: 'no' }] },
      ['pays failed, again: yes', 'pays passed, again: no'],
    ],
    ['skipped itself after a soft failure', { state: 'skipped', errors: [{ message: 'no' }] }, []],
    ['was cancelled', { state: 'pending' }, []],
    ['is in a state nobody knows', { state: 'quantum', errors: [{ message: 'no' }] }, []],
  ])('that %s is told as such', (_what, result, expected) => {
    expect(tellTests(result)).toEqual(expected);
  });

  it('that failed may still change where its file has to settle it', () => {
    expect(tellTests(failed, 'file')).toEqual(['pays failed, again: unknown']);
  });

  it.each([
    ['itself', passed, 'failed'],
    ['by its file alone', failed, 'passed'],
  ])('that was turned into a pass after its failure is told again: it shows %s', (_where, result, state) => {
    const test: FakeTest = { name: 'pays', result: failed };
    const file: FakeFile = { name: 'a', tests: [test], errors: [{ message: 'hook' }] };
    const { facts, told, module, tests } = start(file);
    for (const each of tests) facts.test(each, false);
    test.result = result;
    file.state = state;
    facts.endedFile(module);
    expect(told.slice(0, 2)).toEqual(['pays failed, again: no', 'pays passed, again: no']);
  });
});

describe('a file that has ended', () => {
  it.each([
    ['did not load, where no test is known', [], 'file'],
    ['has loaded, where tests are', [{ name: 'pays', result: passed }], 'other'],
  ])('is told as one that %s', (_what, tests, kind) => {
    const { facts, told, module } = start({
      name: 'a',
      state: 'failed',
      tests,
      errors: [{ message: 'broke' }],
    });
    facts.endedFile(module);
    expect(told).toEqual([`${kind}: broke in a`]);
  });

  it('settles its failed tests', () => {
    const { facts, told, module, tests } = start(
      { name: 'a', state: 'failed', tests: [{ name: 'pays', result: failed }] },
      'file',
    );
    for (const test of tests) facts.test(test, false);
    facts.endedFile(module);
    expect(told).toEqual(['pays failed, again: unknown', 'pays failed, again: no']);
  });

  it('that passed settles nothing', () => {
    const { facts, told, module } = start({
      name: 'a',
      state: 'passed',
      tests: [{ name: 'pays', result: failed }],
    });
    facts.endedFile(module);
    expect(told).toEqual([]);
  });

  it('has its own errors and those of its blocks told once', () => {
    const file = { name: 'a', state: 'failed', errors: [{ message: 'obsolete' }] };
    const { facts, told, module, suites } = start({
      ...file,
      blocks: [{ name: 'Checkout', errors: [{ message: 'hook' }] }],
    });
    for (const suite of suites) facts.errors(suite, 'hook');
    facts.endedFile(module);
    facts.endedFile(module);
    expect(told).toEqual(['hook: hook in a > Checkout', 'other: obsolete in a']);
  });

  it('is a failure of its own if nothing in it explains why it failed', () => {
    const { facts, told, module } = start({ name: 'a', state: 'failed' });
    facts.endedFile(module);
    facts.endedFile(module);
    expect(told).toEqual(['file: the file did not pass in a']);
  });

  it('is no failure of its own when a test explains it', () => {
    const { facts, told, module } = start({
      name: 'a',
      state: 'failed',
      tests: [{ name: 'pays', result: failed }],
    });
    facts.endedFile(module);
    expect(told).toEqual(['pays failed, again: no']);
  });

  it('is no failure of its own while it is pending', () => {
    const { facts, told, module } = start({ name: 'a', state: 'pending' });
    facts.endedFile(module);
    expect(told).toEqual([]);
  });
});

describe('errors that no test owns', () => {
  it('are told once each, whatever they are', () => {
    const { facts, told } = start({ name: 'a' });
    const error = { message: 'rejected' };
    facts.unhandled([error]);
    facts.unhandled([error, 'a text']);
    expect(told).toEqual(['unhandled: rejected', 'unhandled: a text']);
    expect(facts.isGreen).toBe(false);
  });
});
