import { expect, test } from 'vitest';
import { anyFailureTwice } from './exit-rules.ts';
import { createModel } from './model.ts';
import { createStep } from './records.ts';
import type { Job, ModelEvent, StepSpec } from './types.ts';

function setUp(steps: Partial<StepSpec>[] = [{}], options: { countPromises?: boolean } = {}) {
  let now = 1000;
  const model = createModel({ clock: { now: () => now }, ...options });
  const events: ModelEvent[] = [];
  model.subscribe((event) => events.push(event));
  const build = model.createBuild();
  const jobs = steps.map((spec) =>
    model.addJob(build, { step: createStep({ label: 'Tests', command: '', ...spec }) }),
  );
  for (const job of jobs) model.start(job);
  const job = (index: number): Job => {
    const found = build.jobs[index];
    if (found === undefined) throw new Error(`no job ${index}`);
    return found;
  };
  return {
    model,
    build,
    job,
    events,
    types: () => events.map(({ type }) => type),
    at: (ms: number) => (now = ms),
  };
}

test('a green build goes from scheduled to running to passed', () => {
  const { model, build, job, types } = setUp();
  model.seal(build);
  model.finish(job(0), { exitStatus: 0 });
  expect(build).toMatchObject({ state: 'passed', failingAt: null });
  expect(types()).toEqual([
    'build.scheduled',
    'job.scheduled',
    'build.running',
    'job.started',
    'job.finished',
    'build.finished',
  ]);
});

test('a hard promise turns the build failing while the job runs on', () => {
  const { model, build, job, events, at } = setUp();
  at(2000);
  expect(model.promise(job(0), 1, 'why')).toBe('accepted');
  expect(job(0)).toMatchObject({ state: 'running', promisedExitStatus: 1, promisedExitStatusAt: 2000 });
  expect(build).toMatchObject({ state: 'failing', failingAt: 2000, finishedAt: null });
  expect(events.slice(-2)).toMatchObject([
    { type: 'job.promised_exit_status', reason: 'why', at: 2000 },
    { type: 'build.failing' },
  ]);
});

test.each<[string, Partial<StepSpec>, number]>([
  ['a soft one', { softFail: true }, 1],
  ['a soft status', { softFail: [42] }, 42],
  ['one that would be retried', { automaticRetry: anyFailureTwice }, 1],
])('%s does not turn the build failing', (_name, step, status) => {
  const { model, build, job } = setUp([step]);
  expect(model.promise(job(0), status)).toBe('accepted');
  expect(build).toMatchObject({ state: 'running', failingAt: null });
});

test('a promise counts once the retries are used up', () => {
  const step = createStep({ label: 'Tests', command: '', automaticRetry: anyFailureTwice });
  const model = createModel({ clock: { now: () => 0 } });
  const build = model.createBuild();
  const last = model.addJob(build, { step, retryCount: 2 });
  model.start(last);
  model.promise(last, 1);
  expect(build.state).toBe('failing');
});

test('an organization that does not count promises sees failing at the end of the job', () => {
  const { model, build, job } = setUp([{}, {}], { countPromises: false });
  model.promise(job(0), 1);
  expect(build.state).toBe('running');
  model.finish(job(0), { exitStatus: 1 });
  expect(build.state).toBe('failing');
});

test('the same status again is accepted without an event, another one is refused', () => {
  const { model, job, types } = setUp();
  model.promise(job(0), 1, 'first');
  const before = types().length;
  expect(model.promise(job(0), 1, 'second')).toBe('repeated');
  expect(model.promise(job(0), 2)).toBe('different-status');
  expect(types()).toHaveLength(before);
  expect(job(0).promisedReason).toBe('first');
});

test.each(['scheduled', 'finished', 'canceling', 'canceled'])('a %s job cannot promise', (state) => {
  const { model, build, job } = setUp();
  const late = model.addJob(build, { step: createStep({ label: 'Late', command: '' }) });
  const target = state === 'scheduled' || state === 'canceled' ? late : job(0);
  if (state === 'finished') model.finish(target, { exitStatus: 1 });
  if (state === 'canceling' || state === 'canceled') model.cancel(target);
  expect(target.state).toBe(state);
  expect(model.promise(target, 1)).toBe('not-running');
});

test('a promise is binding: exit 0 is recorded as the promised status', () => {
  const { model, build, job } = setUp();
  model.seal(build);
  model.promise(job(0), 7);
  model.finish(job(0), { exitStatus: 0 });
  expect(job(0)).toMatchObject({ exitStatus: 7, reportedExitStatus: 0, passed: false });
  expect(build.state).toBe('failed');
});

test('turning failing cancels the siblings that ask for it, and no others', () => {
  const { model, build, job } = setUp([{}, { cancelOnBuildFailing: true }, {}]);
  const queued = model.addJob(build, {
    step: createStep({ label: 'Queued', command: '', cancelOnBuildFailing: true }),
  });
  model.seal(build);
  model.promise(job(0), 1);
  expect(build.jobs.map(({ state }) => state)).toEqual(['running', 'canceling', 'running', 'canceled']);
  expect(queued.startedAt).toBeNull();
  model.finish(job(1), { exitStatus: -1, signal: 'SIGTERM' });
  model.finish(job(2), { exitStatus: 0 });
  model.finish(job(0), { exitStatus: 1 });
  expect(build).toMatchObject({ state: 'failed' });
  expect(job(1)).toMatchObject({ state: 'canceled', signal: 'SIGTERM' });
});

test('an automatic retry is a new job of the same step, and a pass after it is a pass', () => {
  const { model, build, job } = setUp([{ automaticRetry: anyFailureTwice }]);
  model.seal(build);
  model.promise(job(0), 1);
  model.finish(job(0), { exitStatus: 1 });
  expect(job(1)).toMatchObject({ state: 'scheduled', retryCount: 1, step: job(0).step });
  expect(job(0).retriedInJobId).toBe(job(1).id);
  model.start(job(1));
  model.finish(job(1), { exitStatus: 0 });
  expect(build).toMatchObject({ state: 'passed', failingAt: null });
});

test('a promise that a retried end overrides lets the build recover; failing_at stays', () => {
  const { model, build, job, types } = setUp([{ automaticRetry: [{ exitStatus: [2], limit: 1 }] }]);
  model.seal(build);
  model.promise(job(0), 1);
  expect(build.state).toBe('failing');
  model.finish(job(0), { exitStatus: 2 });
  expect(build.state).toBe('running');
  expect(types()).toContain('build.recovered');
  model.start(job(1));
  model.finish(job(1), { exitStatus: 0 });
  expect(build).toMatchObject({ state: 'passed', failingAt: 1000 });
});

test('a cancelled build is canceling until its last job has ended', () => {
  const { model, build, job } = setUp([{}, {}]);
  expect(model.cancelBuild(build)).toBe(true);
  expect(build.state).toBe('canceling');
  model.finish(job(0), { exitStatus: -1 });
  expect(build.state).toBe('canceling');
  model.finish(job(1), { exitStatus: 0 });
  expect(build.state).toBe('canceled');
  expect(model.cancelBuild(build)).toBe(false);
});

test('a job whose dependency failed fails the build without running', () => {
  const { model, build, job } = setUp();
  const waiting = model.addJob(build, { step: createStep({ label: 'Later', command: '' }), waiting: true });
  model.seal(build);
  model.finish(job(0), { exitStatus: 0 });
  expect(build.finishedAt).toBeNull();
  model.failWaiting(waiting);
  expect(build.state).toBe('failed');
});

test('a job whose time is up is not retried once its build is cancelled', () => {
  const { model, build, job } = setUp([{ automaticRetry: [{ exitStatus: [-1], limit: 2 }] }]);
  model.timeOut(job(0));
  model.cancelBuild(build);
  model.finish(job(0), { exitStatus: -1, signal: 'SIGTERM' });
  expect(build.jobs.map(({ state }) => state)).toEqual(['timed_out']);
  expect(build.state).toBe('canceled');
});

test('a blocked build keeps its result so far and runs on when unblocked', () => {
  const { model, build, job, types } = setUp();
  model.finish(job(0), { exitStatus: 0 });
  model.block(build);
  expect(build).toMatchObject({ state: 'passed', blocked: true, finishedAt: null });
  expect(types().at(-1)).toBe('build.finished');
  model.unblock(build);
  expect(build).toMatchObject({ state: 'running', blocked: false });
});

test('a transition that the state does not allow throws', () => {
  const { model, build, job } = setUp();
  expect(() => model.start(job(0))).toThrow(/running/);
  model.finish(job(0), { exitStatus: 0 });
  expect(() => model.finish(job(0), { exitStatus: 0 })).toThrow(/finished/);
  model.seal(build);
  expect(() => model.addJob(build, { step: job(0).step })).toThrow(/no further jobs/);
});

test('listeners hear all events in one order, even of changes a listener makes', () => {
  const model = createModel({ clock: { now: () => 0 } });
  const heard: string[] = [];
  model.subscribe((event) => {
    if (event.type === 'job.scheduled') model.start(event.job);
  });
  model.subscribe((event) => heard.push(event.type));
  model.addJob(model.createBuild(), { step: createStep({ label: 'Tests', command: '' }) });
  expect(heard).toEqual(['build.scheduled', 'job.scheduled', 'build.running', 'job.started']);
});
