import { describe, expect, it } from 'vitest';
import { type BuildReport, createBuildRunner, createWatcher, readWebhook } from '../src/index.ts';
import { type HandMadeBuild, makeBuild, makeJob, startHandMade } from './hand-made.ts';

const failing = { failing_at: '2026-06-03T04:15:41.700Z' };
const promise = { promised_exit_status: 1, promised_exit_status_at: '2026-06-03T04:15:41.618Z' };

/** A watched build in a world where polls come too seldom to matter. */
async function watchByEvents(build: HandMadeBuild) {
  const made = await startHandMade(build);
  const watcher = createWatcher({
    ...{ baseUrl: made.url, token: 't', pollEveryMs: 60_000 },
    budget: { observe: () => {}, take: () => 0 },
  });
  const told: BuildReport[] = [];
  const leaving = new AbortController();
  const watched = watcher.watch('acme/app/1', (report) => void told.push(report), { signal: leaving.signal });
  watched.catch(() => {});
  await expect.poll(() => told.length).toBe(1);
  const send = (event: string, more: Record<string, unknown> = {}, as: Record<string, unknown> = {}) => {
    const { jobs: _, ...shown } = build;
    const read = readWebhook({ event, build: { ...shown, ...as }, ...more });
    if (read !== undefined) watcher.receive(read);
  };
  return { made, watched, told, send, leave: () => leaving.abort(new Error('enough')) };
}

const statuses = (told: readonly BuildReport[]) => told.map(({ status }) => status);
const namesOf = (report: BuildReport | undefined) => report?.failingJobs.map(({ name }) => name);
/** Time for a few requests to this machine. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 300));

describe('what events tell', () => {
  it('of a retried job is not the job that makes the build fail', async () => {
    const jobs = [
      makeJob('first try', 'failed', { exit_status: 1, retried: true }),
      makeJob('culprit', 'running'),
    ];
    const build = makeBuild(1, 'running', {}, jobs);
    const { told, send, leave } = await watchByEvents(build);
    send('job.finished', { job: makeJob('first try', 'failed', { exit_status: 1 }) });
    await aMoment();
    Object.assign(build, { state: 'failing', ...failing });
    Object.assign(jobs[1] ?? {}, promise);
    send('build.failing');
    await expect.poll(() => statuses(told)).toEqual(['running', 'failing']);
    expect(namesOf(told.at(-1))).toEqual(['culprit']);
    leave();
  });

  it('of an end that is over, at a block step, is not believed', async () => {
    const build = makeBuild(1, 'running');
    const { told, send, leave, made } = await watchByEvents(build);
    send('build.finished', {}, { state: 'passed', blocked: true });
    send('build.finished', {}, { state: 'passed' });
    await aMoment();
    expect(statuses(told)).toEqual(['running']);
    expect(told.at(-1)?.blocked).toBe(false);
    expect(made.requests.length).toBeGreaterThan(1);
    leave();
  });

  it('of a failure that is over is not believed', async () => {
    const build = makeBuild(1, 'running', failing);
    const { told, send, leave } = await watchByEvents(build);
    send('build.failing', {}, { state: 'failing' });
    await aMoment();
    expect(statuses(told)).toEqual(['running']);
    leave();
  });

  it('of a failure is told although the build cannot be read, without jobs that are retried', async () => {
    const build = makeBuild(1, 'running');
    const { told, send, leave, made } = await watchByEvents(build);
    made.gate = () => 500;
    send('job.finished', { job: makeJob('first try', 'failed', { exit_status: 1, retried: true }) });
    send('job.promised_exit_status', { job: makeJob('culprit', 'running', promise) }, { state: 'failing' });
    await expect.poll(() => statuses(told).at(-1)).toBe('failing');
    expect(namesOf(told.at(-1))).toEqual(['culprit']);
    leave();
  });

  it('of a failure is told within moments although the read hangs', async () => {
    const { told, send, leave, made } = await watchByEvents(makeBuild(1, 'running'));
    made.gate = () => new Promise(() => {});
    send('build.failing', {}, { state: 'failing' });
    await expect.poll(() => statuses(told), { timeout: 5000 }).toEqual(['running', 'failing']);
    leave();
  });

  it('of an end is told with the jobs that failed, also where it is the first news', async () => {
    const build = makeBuild(1, 'scheduled', {}, [makeJob('slow', 'timed_out', { exit_status: -1 })]);
    const { watched, send } = await watchByEvents(build);
    build.state = 'failed';
    send('build.finished');
    expect(namesOf(await watched)).toEqual(['slow']);
  });

  it('adds the reason of a promise, whether it comes before the read or after', async () => {
    const jobs = [makeJob('a', 'running', promise), makeJob('b', 'running')];
    const build = makeBuild(1, 'failing', failing, jobs);
    const { told, send, leave } = await watchByEvents(build);
    send('job.promised_exit_status', { job: jobs[0], promised_exit_status_reason: 'late' });
    Object.assign(jobs[1] ?? {}, promise);
    send('job.promised_exit_status', { job: jobs[1], promised_exit_status_reason: 'early' });
    const reasons = () => told.at(-1)?.failingJobs.map(({ promised }) => promised?.reason);
    await expect.poll(reasons).toEqual(['late', 'early']);
    leave();
  });

  it('ten times over makes the build be read once', async () => {
    const jobs = [makeJob('a', 'running', promise)];
    const build = makeBuild(1, 'running', {}, jobs);
    const { told, send, leave, made } = await watchByEvents(build);
    Object.assign(build, { state: 'failing', ...failing });
    for (let time = 0; time < 10; time++) {
      send('job.promised_exit_status', { job: jobs[0] });
      if (time === 0) await expect.poll(() => statuses(told).at(-1)).toBe('failing');
    }
    await aMoment();
    // At first; the build and its jobs, for the first event; both again, since push lives from then on.
    expect(made.requests.length).toBeLessThanOrEqual(5);
    leave();
  });
});

describe('a build that recovers', () => {
  it('is told as running again, and ends well without failing jobs', async () => {
    const jobs = [makeJob('a', 'running', promise)];
    const build = makeBuild(1, 'failing', failing, jobs);
    const { told, watched, send } = await watchByEvents(build);
    expect(namesOf(told[0])).toEqual(['a']);
    Object.assign(jobs[0] ?? {}, { state: 'failed', retried: true });
    build.state = 'running';
    send('job.started', { job: makeJob('again', 'running') });
    await expect.poll(() => statuses(told)).toEqual(['failing', 'running']);
    build.state = 'passed';
    send('build.finished');
    expect(await watched).toMatchObject({ status: 'succeeded', failingJobs: [] });
  });
});

describe('the failing jobs of a build', () => {
  const statusOf = async (build: HandMadeBuild) => {
    const { url } = await startHandMade(build);
    return createBuildRunner({ baseUrl: url, token: 't' }).status('acme/app/1');
  };

  it.each(['timed_out', 'expired', 'broken', 'waiting_failed'])('name one that is %s', async (state) => {
    const report = await statusOf(makeBuild(1, 'failing', failing, [makeJob('it', state)]));
    expect(report.status).toBe('failing');
    expect(namesOf(report)).toEqual(['it']);
  });

  it('do not name what never ran where something has failed', async () => {
    const jobs = [makeJob('condition not met', 'broken'), makeJob('it', 'failed', { exit_status: 1 })];
    expect(namesOf(await statusOf(makeBuild(1, 'failed', failing, jobs)))).toEqual(['it']);
  });

  it('make no failure of a build that runs again beside jobs that never ran', async () => {
    const report = await statusOf(makeBuild(1, 'running', failing, [makeJob('condition not met', 'broken')]));
    expect(report).toMatchObject({ status: 'running', failingJobs: [] });
  });

  it('come with how far all jobs are', async () => {
    const counts = { total: 3, states: { passed: 1, running: 2 } };
    expect((await statusOf(makeBuild(1, 'running', { job_state_counts: counts }))).jobCounts).toEqual(counts);
  });
});

describe('the changes of a build', () => {
  const start = async (build: HandMadeBuild) => {
    const { url } = await startHandMade(build);
    return createWatcher({
      ...{ baseUrl: url, token: 't', pollEveryMs: 10 },
      budget: { observe: () => {}, take: () => 0 },
    });
  };

  it('are a loop that ends with the build', async () => {
    const build = makeBuild(1, 'scheduled');
    const watcher = await start(build);
    const seen: string[] = [];
    const course = ['running', 'passed'];
    for await (const report of watcher.changes('acme/app/1')) {
      seen.push(report.status);
      build.state = course.shift() ?? build.state;
    }
    expect(seen).toEqual(['accepted', 'running', 'succeeded']);
    expect(watcher.size).toBe(0);
  });

  it('are watched no more once the loop is left', async () => {
    const watcher = await start(makeBuild(1, 'running'));
    for await (const { status } of watcher.changes('acme/app/1')) {
      expect(status).toBe('running');
      break;
    }
    await expect.poll(() => watcher.size).toBe(0);
  });

  it('skip what became old while the loop was busy', async () => {
    const build = makeBuild(1, 'scheduled');
    const seen: string[] = [];
    for await (const report of (await start(build)).changes('acme/app/1')) {
      seen.push(report.status);
      if (seen.length > 1) continue;
      build.state = 'running';
      await aMoment();
      build.state = 'passed';
      await aMoment();
    }
    expect(seen).toEqual(['accepted', 'succeeded']);
  });

  it.each([
    ['its time is up', () => ({ timeoutMs: 200 }), { name: 'TimeoutError' }],
    ['its signal is aborted', () => ({ signal: AbortSignal.timeout(200) }), { name: 'TimeoutError' }],
  ])('throw when %s', async (_, options, error) => {
    const changes = (await start(makeBuild(1, 'running'))).changes('acme/app/1', options());
    expect((await changes.next()).value).toMatchObject({ status: 'running' });
    await expect(changes.next()).rejects.toMatchObject(error);
  });

  it('throw for a build that does not exist', async () => {
    const changes = (await start(makeBuild(2, 'running'))).changes('acme/app/1');
    await expect(changes.next()).rejects.toMatchObject({ status: 404 });
  });
});
