import { describe, expect, it } from 'vitest';
import { event, failure, fileFailure, path, recordingSession } from '../test/events.ts';
import type { EventData, TestEvent } from './event.ts';
import { Facts } from './facts.ts';

function follow(...events: TestEvent[]) {
  const recorded = recordingSession();
  const facts = new Facts(recorded.session, { everyFailureCounts: false, filesApart: true });
  for (const each of events) facts.take(each);
  facts.end();
  return recorded;
}

describe('a failed test', () => {
  it('is told by the titles around it, once for each event', () => {
    const { told, attempts } = follow(
      event('start', { name: 'Cart', nesting: 0 }),
      event('start', { name: 'adds', nesting: 1 }),
      event('pass', { name: 'adds', nesting: 1, details: {} }),
      event('start', { name: 'pays', nesting: 1 }),
      event('fail', failure('pays', { nesting: 1 })),
      event('fail', failure('Cart', { details: { type: 'suite' } }, 'subtestsFailed')),
      event('fail', failure('on top')),
    );
    expect(told).toEqual(['Cart > pays failed, again: no', 'on top failed, again: no', 'total 3']);
    expect(attempts[0]?.test).toEqual({
      ...{ scope: 'Cart', name: 'pays', file: path('a.test.js'), titlePath: ['Cart', 'pays'] },
    });
    expect(attempts[0]?.detail?.()).toMatchObject({ message: 'no pays', line: 7, column: 3, attempts: 1 });
  });

  it('has a key that the next run gives it as well, also beside namesakes', () => {
    const keys = () =>
      follow(
        event('fail', failure('pays')),
        event('fail', failure('pays')),
        event('fail', failure('adds')),
      ).attempts.map(({ id }) => id);
    expect(new Set(keys()).size).toBe(3);
    expect(keys()).toEqual(keys());
  });

  it('is not told when it does not count', () => {
    const { told } = follow(
      event('fail', failure('later', { todo: true })),
      event('fail', failure('s', { skip: '' })),
    );
    expect(told).toEqual([]);
  });

  it.each<[unknown, string]>([
    [new Error('thrown'), 'thrown'],
    ['a text', 'a text'],
    [undefined, 'wrapped'],
    [null, 'null'],
  ])('that threw %j shows %j', (cause, message) => {
    const error = { failureType: 'testCodeFailure', message: 'wrapped', cause };
    const { attempts } = follow(event('fail', failure('pays', { details: { error } })));
    expect(attempts[0]?.detail?.().message).toBe(message);
  });
});

describe('a failure that no test owns', () => {
  it('is a file whose process failed, known before Node reports it', () => {
    const data = fileFailure('b.test.js', 'testCodeFailure', 3);
    const { told, errors } = follow(event('complete', data), event('fail', data));
    expect(told).toEqual(['file: the file ended with exit code 3 in b.test.js', 'total 1']);
    expect(errors[0]).toMatchObject({ file: path('b.test.js') });
  });

  it('is told at the first summary that says so, with what may have been the cause', () => {
    const hook = failure('Cart', { details: { type: 'suite' } }, 'hookFailed');
    const doubtful = event('fail', hook);
    expect(follow(doubtful, event('summary', { success: true })).told).toEqual([]);
    const { told } = follow(
      doubtful,
      event('summary', { success: false }),
      event('summary', { success: false }),
    );
    expect(told[0]).toBe('hook: no Cart in a.test.js > Cart');
    expect(told).toHaveLength(2);
  });

  it('is a limit that a diagnostic names', () => {
    const { told } = follow(
      event('diagnostic', { message: 'tests 1' }),
      event('diagnostic', { message: 'Error: 50.00% line coverage does not meet threshold of 90%.' }),
      event('summary', { success: false }),
    );
    expect(told[0]).toBe('other: Error: 50.00% line coverage does not meet threshold of 90%.');
  });

  it('is not looked for beside a failed test', () => {
    const { told } = follow(event('fail', failure('pays')), event('summary', { success: false }));
    expect(told).toEqual(['pays failed, again: no', 'total 1']);
  });
});

describe('a file that runs beside others', () => {
  const entryFile = path('b.test.js');
  const from = (testId: number, parentId = 0): EventData => ({
    file: entryFile,
    entryFile,
    testId,
    parentId,
  });
  const begins = (name: string, testId: number, parentId?: number) =>
    event('dequeue', { ...from(testId, parentId), name });
  const passes = (name: string, testId: number, parentId?: number) =>
    event('complete', { ...from(testId, parentId), name, details: { passed: true } });
  const fails = (name: string, testId: number, parentId?: number, more: EventData = {}) =>
    event('complete', failure(name, { ...from(testId, parentId), ...more }));
  const ends = event('complete', fileFailure('b.test.js', 'subtestsFailed'));

  it('has a failed test once its process has gone on', () => {
    const start = [begins('Cart', 1), begins('pays', 2, 1), fails('pays', 2, 1)];
    expect(follow(...start).told).toEqual([]);
    const reported = event('fail', failure('pays', { ...from(2, 1), nesting: 1 }));
    const { told } = follow(...start, begins('adds', 3, 1), reported);
    expect(told).toEqual(['Cart > pays failed, again: no', 'total 1']);
  });

  it('has it as soon as its process has failed', () => {
    expect(follow(begins('pays', 1), fails('pays', 1), ends).told[0]).toBe('pays failed, again: no');
  });

  it('waits for the tests that began before it', () => {
    const start = [begins('slow', 1), begins('pays', 2), fails('pays', 2), begins('later', 3)];
    expect(follow(...start).told).toEqual([]);
    const { told } = follow(...start, passes('slow', 1), passes('later', 3));
    expect(told[0]).toBe('pays failed, again: no');
  });

  it('waits for Node where its process may have failed for what does not count', () => {
    const todo = [begins('later', 1), fails('later', 1, 0, { todo: true })];
    expect(follow(...todo, begins('pays', 2), fails('pays', 2), ends).told).toEqual([]);
  });

  it('has nothing when its process has passed in spite of it', () => {
    const passed = event('complete', { ...fileFailure('b.test.js', ''), details: { passed: true } });
    expect(follow(begins('pays', 1), fails('pays', 1), passed).told).toEqual([]);
  });

  it('is not mixed up with another one', () => {
    const other = { entryFile: path('c.test.js'), testId: 5 };
    const { told } = follow(
      begins('pays', 1),
      fails('pays', 1),
      event('dequeue', { ...other, name: 'else' }),
    );
    expect(told).toEqual([]);
  });
});
