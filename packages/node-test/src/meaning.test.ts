import { describe, expect, it } from 'vitest';
import { failure, fileFailure, path } from '../test/events.ts';
import type { EventData } from './event.ts';
import { isFile, meaningOf, runsFilesApart } from './meaning.ts';

const block = (failureType: string) => failure('block', { details: { type: 'suite' } }, failureType);
const hookOfFile = failure(path('a.test.js'), {}, 'hookFailed');
const node20 = { everyFailureCounts: true, filesApart: true };
const apart = { everyFailureCounts: false, filesApart: true };
const alone = { everyFailureCounts: false, filesApart: false };

describe('meaningOf', () => {
  it.each<[string, EventData, string, string, string]>([
    ['a test', failure('pays'), 'test', 'test', 'test'],
    ['a test whose hook failed', failure('pays', {}, 'hookFailed'), 'test', 'test', 'test'],
    ['a cancelled test', failure('pays', {}, 'cancelledByParent'), 'test', 'test', 'test'],
    ['a test around a failed one', failure('pays', {}, 'subtestsFailed'), ...all('consequence')],
    ['a todo', failure('later', { todo: true }), ...all('forgiven')],
    ['a todo with an empty reason', failure('later', { todo: '' }), ...all('forgiven')],
    ['a skipped test', failure('skips', { skip: 'because' }), ...all('forgiven')],
    ['a block around a failed test', block('subtestsFailed'), ...all('consequence')],
    ['a block in one that failed', block('cancelledByParent'), ...all('consequence')],
    ['a block whose hook failed', block('hookFailed'), 'block', 'doubtful', 'doubtful'],
    ['a block that throws', block('testCodeFailure'), 'block', 'doubtful', 'doubtful'],
    ['a hook after all tests of a file', hookOfFile, 'block', 'block', 'doubtful'],
    ['a file whose process failed', fileFailure('a.test.js', 'testCodeFailure'), ...all('file')],
    ['a file with a failed test', fileFailure('a.test.js', 'subtestsFailed'), ...all('consequence')],
  ])('%s', (_what, data, in20, later, byItself) => {
    const meanings = [node20, apart, alone].map((surroundings) => meaningOf(data, surroundings));
    expect(meanings).toEqual([in20, later, byItself]);
  });

  function all(meaning: string): [string, string, string] {
    return [meaning, meaning, meaning];
  }
});

describe('isFile', () => {
  it('takes no test for its file', () => {
    const file = fileFailure('a.test.js', 'testCodeFailure');
    expect(isFile(file)).toBe(true);
    expect(isFile({ ...file, line: 2 })).toBe(false);
    expect(isFile({ ...file, name: 'pays' })).toBe(false);
    expect(isFile({ ...file, entryFile: path('a.test.js') })).toBe(false);
    expect(isFile({})).toBe(false);
  });
});

describe('runsFilesApart', () => {
  it.each([
    [['--test'], true],
    [['--import', 'tsx', '--test'], true],
    [['--test', '--test-isolation=none'], false],
    [['--test', '--experimental-test-isolation=none'], false],
    [[], false],
  ])('%j: %s', (execArgv, expected) => {
    expect(runsFilesApart(execArgv)).toBe(expected);
  });
});
