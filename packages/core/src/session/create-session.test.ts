import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ChannelMessage, DeliverySummary } from '../channel/channel.ts';
import type { AttemptReport } from '../vocabulary.ts';
import { createSession } from './create-session.ts';
import type { Session, SessionSetup } from './session.ts';

const job = { BUILDKITE_JOB_ID: 'j', PROMISE_FAILURE: 'true' };
const test = { scope: '', name: 'n', file: '/f', titlePath: ['n'] };
const failed: AttemptReport = { id: 'a', test, status: 'failed', willRunAgain: 'no' };
const empty: DeliverySummary = {
  hard: 1,
  enough: false,
  muted: { count: 0, names: [] },
  contradicted: { count: 0, names: [] },
};

function processLike() {
  const exits: (number | undefined)[] = [];
  return Object.assign(new EventEmitter(), {
    exitCode: undefined as number | undefined,
    exits,
    reallyExit: (code?: number) => void exits.push(code),
  });
}

function open(
  env: Record<string, string> = { ...job },
  setup: Partial<SessionSetup> = {},
  summary: DeliverySummary | 'no answer' = empty,
  events = processLike(),
) {
  const posted: ChannelMessage[] = [];
  const lines: string[] = [];
  const debug: string[] = [];
  const syncWaits: number[] = [];
  const counts = { opened: 0, warmed: 0, drained: 0, drainedSync: 0 };
  const say = (line: string) => lines.push(line);
  const session = createSession(
    { runner: 'jest', options: undefined, exitStatus: 1, rootDir: '/r', ...setup },
    {
      env,
      process: events,
      log: { debug: (line) => debug.push(line), info: say, warn: say, header: say },
      openChannel: () => {
        counts.opened++;
        return {
          warm: () => void counts.warmed++,
          post: (message) => void posted.push(message),
          drain: async (timeoutMs) => {
            counts.drained++;
            if (summary !== 'no answer') return summary;
            await new Promise((resolve) => setTimeout(resolve, timeoutMs));
            return 'the list of muted tests';
          },
          drainSync: (timeoutMs) => {
            counts.drainedSync++;
            syncWaits.push(timeoutMs);
          },
        };
      },
    },
  );
  return { session, posted, lines, debug, counts, events, env, syncWaits, exits: events.exits };
}

const factsOf = (session: Session) => {
  session.attemptFinished(failed);
  session.runFailed({ kind: 'hook', message: 'm' });
  session.testsTotal(3);
};

describe('createSession', () => {
  it.each([
    ['the switch is off', { BUILDKITE_JOB_ID: 'j' }, {}],
    ['there is no job', { PROMISE_FAILURE: 'true' }, {}],
    ['the mode is silent', { ...job }, { silence: 'watch mode' }],
    ['it is below another run', { ...job, PROMISE_FAILURE_RUN: '1' }, {}],
    ['an option is wrong', { ...job }, { options: { exitStatus: 0 } }],
  ])('is inert when %s, and tells why', async (_when, env, setup) => {
    const { session, counts, events, lines, debug } = open(env as unknown as Record<string, string>, setup);
    expect(session.active).toBe(false);
    expect([...lines, ...debug]).toEqual([expect.stringMatching(/^nothing (is|will be) promised/)]);
    factsOf(session);
    await session.close();
    events.emit('exit', 1);
    expect(counts).toEqual({ opened: 0, warmed: 0, drained: 0, drainedSync: 0 });
  });

  it('gets ready, and no more, while no test has failed for good, and says nothing of a green run', async () => {
    const { session, counts, lines, events, posted } = open();
    session.testsTotal(10);
    session.attemptFinished({ ...failed, status: 'passed' });
    expect(counts).toMatchObject({ opened: 0, warmed: 0 });
    session.attemptFinished({ ...failed, willRunAgain: 'yes' });
    session.attemptFinished({ ...failed, status: 'passed' });
    await session.close();
    events.emit('beforeExit', 0);
    events.emit('exit', 0);
    expect(posted).toEqual([]);
    expect(counts).toMatchObject({ opened: 1, warmed: 1, drained: 0 });
    expect(lines).toEqual([]);
  });

  it('tells each fact once, the total that came before among them', () => {
    const { session, posted } = open();
    session.testsTotal(10);
    session.attemptFinished(failed);
    session.attemptFinished(failed);
    session.attemptFinished({ ...failed, status: 'passed' });
    session.runFailed({ kind: 'file', message: 'm' });
    expect(posted.map((message) => message.type)).toEqual(['total', 'failed', 'contradicted', 'run error']);
  });

  it('marks what is started below it, until the run is over', async () => {
    const { session, env } = open({ ...job });
    expect(open(env).session.active).toBe(false);
    await session.close();
    expect(open(env).session.active).toBe(true);
  });

  it('swallows an error in a hook and tells of it', () => {
    const { session, posted } = open();
    expect(
      session.guard('onTestEnd', () => {
        throw new Error('boom');
      }),
    ).toBeUndefined();
    expect(posted).toMatchObject([{ type: 'trouble', text: expect.stringContaining('boom') }]);
    expect(session.guard('onTestEnd', () => 7)).toBe(7);
  });

  it('declares in the last moment what only the exit status tells', () => {
    const { posted, events, counts } = open();
    events.emit('beforeExit', 0);
    events.emit('exit', 3);
    expect(posted).toMatchObject([{ type: 'run error', error: { kind: 'exit' }, exitStatus: 3 }]);
    expect(counts.drainedSync).toBe(1);
  });

  it.each([
    ['success', 0],
    ['a signal', 130],
    ['a signal', 143],
  ])('declares nothing for an exit status of %s', (_what, status) => {
    const { counts, events } = open();
    events.emit('exit', status);
    expect(counts.opened).toBe(0);
  });

  it('adds nothing at the exit when failures explain it, muted or not', () => {
    const { session, posted, events } = open();
    session.attemptFinished(failed);
    events.emit('exit', 1);
    expect(posted).toHaveLength(1);
  });

  it('reads an exit code that the runner sets in an exit listener of its own', () => {
    const { posted, events } = open();
    events.on('exit', () => {
      events.exitCode = 4;
    });
    events.emit('beforeExit', 0);
    events.emit('exit', 0);
    expect(posted).toMatchObject([{ type: 'run error', exitStatus: 4 }]);
  });

  it('promises the exit status that the user names, also for what only the exit tells', () => {
    const { posted, events } = open({ ...job }, { options: { exitStatus: 42 } });
    events.emit('exit', 1);
    expect(posted).toMatchObject([{ type: 'run error', exitStatus: 42 }]);
  });

  it('judges when everybody has had a say on the exit status', () => {
    const { counts, events } = open();
    events.exitCode = 1;
    events.emit('beforeExit', 1);
    events.on('exit', () => {
      events.exitCode = 0;
    });
    events.emit('exit', 1);
    expect(counts.opened).toBe(0);
  });

  it('judges once where a listener of somebody else exits in the middle of the exit', () => {
    const { posted, events, exits } = open();
    events.exitCode = 1;
    events.on('exit', () => events.reallyExit(1));
    events.emit('exit', 1);
    expect(posted).toHaveLength(1);
    expect(exits).toEqual([1]);
  });

  it('says how many failed tests nobody has decided about when the exit status fails', () => {
    const { session, posted, events } = open();
    session.attemptFinished({ ...failed, willRunAgain: 'unknown' });
    events.emit('exit', 1);
    expect(posted).toMatchObject([{ type: 'run error', error: { kind: 'exit' }, suspects: 1 }]);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('promises nothing after %s that somebody handles', (signal) => {
    for (const isHandledBefore of [true, false]) {
      const events = processLike();
      if (isHandledBefore) events.on(signal, () => {});
      const { counts } = open({ ...job }, {}, empty, events);
      if (!isHandledBefore) events.on(signal, () => {});
      events.emit(signal);
      events.emit('exit', 1);
      expect(counts.opened).toBe(0);
    }
  });

  it('tells what has failed already that the run is being cancelled', () => {
    const { session, posted, events, syncWaits } = open();
    session.attemptFinished(failed);
    events.on('SIGTERM', () => {});
    events.emit('SIGTERM');
    events.emit('exit', 1);
    expect(posted.map((message) => message.type)).toEqual(['failed', 'cancelled']);
    expect(syncWaits).toEqual([0]);
  });

  it('adds no listener for anything, whatever happens', async () => {
    const { session, events } = open();
    session.attemptFinished(failed);
    await session.close();
    expect(events.eventNames()).toEqual([]);
  });

  it('tells an exit that nothing explains once in a process of many runs, and holds no run that is over', async () => {
    const events = processLike();
    const runs = [];
    for (let n = 0; n < 12; n++) {
      const run = open({ ...job }, {}, empty, events);
      await run.session.close();
      runs.push(run);
    }
    events.emit('exit', 1);
    expect(runs.map(({ posted }) => posted.length)).toEqual([...Array(11).fill(0), 1]);
  });

  it('tells it once where two runs are open side by side', () => {
    const events = processLike();
    const runs = [open({ ...job }, {}, empty, events), open({ ...job }, {}, empty, events)];
    events.emit('exit', 1);
    expect(runs.map(({ posted }) => posted.length)).toEqual([0, 1]);
  });

  it('takes an exit for explained by an earlier run that failed, and waits for that one no more', async () => {
    const events = processLike();
    const earlier = open({ ...job }, {}, empty, events);
    earlier.session.attemptFinished(failed);
    await earlier.session.close();
    const later = open({ ...job }, {}, empty, events);
    await later.session.close();
    events.emit('exit', 1);
    expect(later.posted).toEqual([]);
    expect(earlier.counts.drainedSync).toBe(0);
  });

  it('hears nothing of what a copy of the process does, as tests have one in the sandbox', () => {
    const { session, posted, events } = open();
    session.attemptFinished(failed);
    const copy = Object.assign(new EventEmitter(), { emit: events.emit });
    copy.emit('SIGTERM');
    copy.emit('exit', 1);
    expect(posted.map((message) => message.type)).toEqual(['failed']);
  });

  it('says what was held for a layer around the runner only if the process fails', async () => {
    for (const [status, said] of [
      [0, []],
      [1, [expect.stringContaining('because Trunk may change the exit status')]],
    ] as const) {
      const held = { ...empty, heldBy: 'Trunk' };
      const { session, lines, events } = open({ ...job }, {}, held);
      session.attemptFinished(failed);
      await session.close();
      // As process.exit does it.
      events.emit('exit', status);
      events.reallyExit(status);
      expect(lines.slice(0, 1)).toEqual(said);
    }
  });

  it('waits at the end for no longer than the drain timeout, however often it waits', async () => {
    const setup = { options: { drainTimeoutMs: 40 } };
    const { session, lines, events, syncWaits } = open({ ...job }, setup, 'no answer');
    session.attemptFinished(failed);
    await session.close();
    expect(lines[0]).toContain('after 40 ms');
    events.emit('exit', 1);
    expect(syncWaits).toHaveLength(1);
    // Node's timers may fire a millisecond early.
    expect(syncWaits[0]).toBeLessThan(2);
  });
});
