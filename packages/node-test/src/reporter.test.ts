import { describe, expect, it } from 'vitest';
import { event, failure, recordingSession } from '../test/events.ts';
import type { TestEvent } from './event.ts';
import reporter, { createReporter } from './index.ts';
import { findSilence } from './silence.ts';

async function run(active: boolean, events: readonly TestEvent[]) {
  const { session, told } = recordingSession(active);
  let read = 0;
  async function* source() {
    for (const each of events) {
      read++;
      yield each;
    }
  }
  const output: string[] = [];
  for await (const text of createReporter({}, () => session)(source())) output.push(text);
  return { told, read, output };
}

describe('the reporter', () => {
  it('is called by Node, and not constructed', () => {
    expect(reporter.prototype).toBeUndefined();
  });

  it('tells the session, prints nothing, and ends when the session has', async () => {
    const { told, output } = await run(true, [event('fail', failure('pays'))]);
    expect(told).toEqual(['pays failed, again: no', 'total 1', 'closed']);
    expect(output).toEqual([]);
  });

  it('takes all events where there is nothing to do', async () => {
    const { told, read } = await run(false, [event('fail', failure('pays')), event('pass', {})]);
    expect([told, read]).toEqual([['closed'], 2]);
  });

  it('survives an error of ours', async () => {
    const { told } = await run(true, [{ type: 'test:fail' } as TestEvent, event('fail', failure('pays'))]);
    expect(told[0]).toContain('error in test:fail');
    expect(told[1]).toBe('pays failed, again: no');
  });

  it('opens the session before the first event, so that processes of tests can see the mark of the run', () => {
    let opened = false;
    createReporter({}, () => {
      opened = true;
      return recordingSession().session;
    })((async function* () {})());
    expect(opened).toBe(true);
  });
});

describe('findSilence', () => {
  it.each<[string[], Record<string, string>, string | undefined]>([
    [['--test'], {}, undefined],
    [['--test', '--watch'], {}, 'watch mode'],
    [['--watch-path=src', '--test'], {}, 'watch mode'],
    [[], { WATCH_REPORT_DEPENDENCIES: '1' }, 'watch mode'],
  ])('%j %j: %s', (execArgv, env, silence) => {
    expect(findSilence(execArgv, env)).toBe(silence);
  });
});
