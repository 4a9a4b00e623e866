import { describe, expect, it } from 'vitest';
import { identify } from './identity.ts';
import { OpenFailures } from './open-failures.ts';

const test = identify('/a.test.js', { ancestorTitles: ['Checkout'], title: 'pays' });

function ids(failures: OpenFailures): string[] {
  return failures.fileFinished('/a.test.js').map(([id]) => id);
}

describe('a test of which an attempt failed', () => {
  it('has not failed when the result of its file does not say so', () => {
    const failures = new OpenFailures();
    failures.fileStarted('/a.test.js');
    failures.attemptFailed('/a.test.js', 'pays', test);
    expect(ids(failures)).toEqual(['pays']);
    expect(ids(failures)).toEqual([]);
  });

  it('stays failed once a result said so, whatever another project says', () => {
    const failures = new OpenFailures();
    failures.fileStarted('/a.test.js');
    failures.attemptFailed('/a.test.js', 'pays', test);
    failures.settle('pays');
    expect(ids(failures)).toEqual([]);
    failures.fileStarted('/a.test.js');
    failures.attemptFailed('/a.test.js', 'pays', test);
    expect(ids(failures)).toEqual([]);
  });

  it('waits for the last project that runs its file', () => {
    const failures = new OpenFailures();
    failures.fileStarted('/a.test.js');
    failures.fileStarted('/a.test.js');
    failures.attemptFailed('/a.test.js', 'pays', test);
    expect(ids(failures)).toEqual([]);
    expect(ids(failures)).toEqual(['pays']);
  });
});
