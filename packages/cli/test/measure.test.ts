import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RestApiSetup, startRestApi } from '@promise-failure/simulator/rest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeBuild, makeJob, startHandMade } from '../../build-runner/test/hand-made.ts';
import { aMonth, type PastScene, playPast } from './a-month.ts';
import { evidenceOf } from './evidence.ts';
import { spawnCommand } from './spawn-command.ts';

const minute = 60_000;
const dayMs = 24 * 60 * minute;

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'measure-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A pipeline whose builds were created an hour apart, from yesterday on, and an environment that reaches it. */
async function startPast(scenes: readonly PastScene[], setup: Partial<RestApiSetup> = {}) {
  const model = playPast(scenes, Date.now() - 10 * dayMs);
  const rateLimit = { requests: 10_000, windowMs: minute };
  const api = await startRestApi({ organization: 'acme', pipeline: 'shop', model, rateLimit, ...setup });
  onTestFinished(() => api.close());
  const cache = scratch();
  const env = {
    ...{ PATH: process.env.PATH, NO_COLOR: '1', XDG_CACHE_HOME: cache },
    ...{ BUILDKITE_API_URL: api.url, BUILDKITE_API_TOKEN: api.token },
  };
  return { api, env, cache: join(cache, 'promise-failure') };
}

const promised = { ends: 20, with: 1, promised: 5 };

describe('promise-failure measure', { timeout: 60_000 }, () => {
  it('tells head starts of builds and jobs, and how long the others ran', async () => {
    const { env } = await startPast([
      { jobs: { Unit: promised, Lint: { ends: 30, with: 0 } } },
      { jobs: { Unit: { ...promised, promised: 10 } } },
      { jobs: { Unit: { ends: 8, with: 1 } } },
      { jobs: { Unit: { ends: 9, with: 0 } } },
      { jobs: { Unit: promised }, branch: 'topic' },
    ]);
    const { code, output, errors } = await spawnCommand(
      ['measure', 'acme/shop', '--branch', 'main', '--json'],
      env,
    ).end;
    expect([code, errors]).toEqual([0, '']);
    const { source, builds, jobs, rows, unmatched } = JSON.parse(output);
    expect(source).toMatchObject({ type: 'pipeline', pipeline: 'acme/shop', branch: 'main' });
    expect(Date.parse(source.to) - Date.parse(source.from)).toBe(30 * dayMs);
    expect(builds).toEqual({
      ...{ known: 4, failed: 3, recovered: 0 },
      // 30 - 5 and 20 - 10; of the third nobody knew before its end.
      headStart: { count: 2, medianMs: 17.5 * minute, p90Ms: 23.5 * minute, totalMs: 35 * minute },
    });
    expect(jobs).toEqual({
      headStart: { count: 2, medianMs: 12.5 * minute, p90Ms: 14.5 * minute, totalMs: 25 * minute },
      unpromised: { count: 1, medianMs: 8 * minute, p90Ms: 8 * minute, totalMs: 8 * minute },
      ...{ cancelled: 0, open: 0 },
    });
    expect(unmatched).toEqual([]);
    expect(rows.jobs).toHaveLength(3);
    expect(rows.jobs[0]).toMatchObject({ build: 'acme/shop/3', job: 'Unit', outcome: 'not promised' });
  });

  it('shows a table, with one line for what was measured and no sign of colour in a pipe', async () => {
    const { env } = await startPast(aMonth(9));
    const { code, output } = await spawnCommand(['measure', 'acme/shop'], env).end;
    expect(code).toBe(0);
    expect(output).toMatch(/^acme\/shop, \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d: 9 builds ended, 3 failed\n/);
    expect(output).toMatch(/│ Jobs that promised: head start +│ 5 +│/);
    expect(output).toMatch(/│ Lint +│ 0 +│ - +│ 0\.0 +│ 1 +│ 2m 00s │/);
    expect(output).toContain('Every promise was kept.');
  });

  it('writes a line for each job as CSV, and makes formulas harmless', async () => {
    const { env } = await startPast([{ jobs: { '=cmd|x, "y"': promised } }]);
    const { output } = await spawnCommand(['measure', 'acme/shop', '--csv'], env).end;
    const [head, line, ...more] = output.trim().split('\n');
    expect(head).toMatch(/^build,job,outcome,promisedExitStatus,exitStatus,startedAt,promisedAt,finishedAt,/);
    expect(line).toContain('acme/shop/1,"\'=cmd|x, ""y""",kept,1,1,');
    expect(line).toContain(`,${15 * minute},${20 * minute},`);
    expect(more).toEqual([]);
  });

  it('says loudly which promises the final exit did not match, and exits with 3', async () => {
    const at = (time: string) => `2026-11-01T${time}:00.000Z`;
    const times = { started_at: at('10:00'), finished_at: at('10:20') };
    const promise = { ...times, promised_exit_status: 1, promised_exit_status_at: at('10:05') };
    const job = (id: string, state: string, exit_status: number) =>
      makeJob(id, state, { ...promise, exit_status });
    const { url } = await startHandMade(
      makeBuild(7, 'failed', { ...times, created_at: at('09:59'), failing_at: at('10:05') }, [
        job('kept', 'failed', 1),
        job('green', 'passed', 0),
        job('another', 'failed', 2),
        job('stopped', 'canceled', -1),
        job('late', 'timed_out', 143),
      ]),
    );
    const env = { PATH: process.env.PATH, BUILDKITE_API_URL: url, BUILDKITE_API_TOKEN: 't', NO_COLOR: '1' };
    const options = ['measure', 'acme/app', '--state', join(scratch(), 'state')];
    const { code, output } = await spawnCommand(options, env).end;
    expect(code).toBe(3);
    expect(output).toContain(' 2 PROMISES THAT THE FINAL EXIT DID NOT MATCH ');
    expect(output).toContain('✗ acme/app/7 green: promised exit status 1, ended with 0');
    expect(output).toContain('✗ acme/app/7 another: promised exit status 1, ended with 2');
    expect(output).toContain('1 job promised and was cancelled before its end: not counted.');
    const json = await spawnCommand([...options, '--json'], env).end;
    expect(json.code).toBe(3);
    expect(JSON.parse(json.output).jobs.headStart.count).toBe(2);
  });

  it.each(['organization', 'user'] as const)(
    'waits out the rate limit of the %s, and says so',
    async (owner) => {
      const high = { requests: 10_000, windowMs: minute };
      const low = { requests: 2, windowMs: 2000 };
      const rateLimit = { organization: high, user: high, [owner]: low };
      const { env } = await startPast(aMonth(100), { rateLimit });
      const { code, output, errors } = await spawnCommand(['measure', 'acme/shop', '--json'], env).end;
      expect(code).toBe(0);
      expect(JSON.parse(output).builds.known).toBe(100);
      expect(errors).toMatch(
        /acme\/shop: \d+ builds read, back to \d{4}-\d\d-\d\d; waits \d s for the rate limit/,
      );
    },
  );

  it('goes on where it was cut off, and asks for nothing twice', async () => {
    const { api, env, cache } = await startPast(aMonth(100));
    api.faults.push(undefined, undefined, { type: 'hang' });
    const first = spawnCommand(['measure', 'acme/shop', '--json'], env);
    await expect.poll(() => api.requests.length, { timeout: 20_000 }).toBe(3);
    first.child.kill('SIGINT');
    const { code, errors } = await first.end;
    expect(code).toBe(130);
    expect(errors).toMatch(/cut off after 6\d builds: the same command goes on from there/);
    expect(readdirSync(cache)).toHaveLength(1);
    const { output } = await spawnCommand(['measure', 'acme/shop', '--json'], env).end;
    expect(JSON.parse(output).builds.known).toBe(100);
    expect(api.requests).toHaveLength(5);
    expect(readdirSync(cache)).toEqual([]);
    const whole = await spawnCommand(['measure', 'acme/shop', '--json'], env).end;
    expect(JSON.parse(whole.output).rows).toEqual(JSON.parse(output).rows);
  });

  it('goes on after a state file was torn, and begins anew with one that is of something else', async () => {
    const { api, env } = await startPast(aMonth(70));
    const file = join(scratch(), 'state');
    const options = ['measure', 'acme/shop', '--json', '--state', file];
    api.faults.push(undefined, { type: 'hang' });
    const first = spawnCommand(options, env);
    await expect.poll(() => api.requests.length, { timeout: 20_000 }).toBe(2);
    first.child.kill('SIGTERM');
    expect((await first.end).code).toBe(143);
    const written = readFileSync(file, 'utf8');
    writeFileSync(file, written.slice(0, -100));
    expect(JSON.parse((await spawnCommand(options, env).end).output).builds.known).toBe(70);
    writeFileSync(file, written.replace('acme/shop', 'acme/other'));
    expect(JSON.parse((await spawnCommand(options, env).end).output).builds.known).toBe(70);
  });

  it('adds up what dry runs would have been worth, from their files', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'below'));
    const write = (name: string, evidence: object) =>
      writeFileSync(join(folder, name), JSON.stringify(evidence));
    write('one.json', evidenceOf({ build: 1, ends: 20, promised: 5, exitStatus: 1 }));
    write('below/two.json', evidenceOf({ build: 1, ends: 30, promised: 10, exitStatus: 1 }));
    write('three.json', evidenceOf({ build: 2, ends: 12, exitStatus: 1, held: 'below the threshold' }));
    write('four.json', evidenceOf({ build: 3, ends: 12, promised: 3, exitStatus: 0 }));
    write('five.json', { ...evidenceOf({ build: 1, ends: 9, exitStatus: 1 }), exit_status: null });
    write('other.json', { not: 'evidence' });
    const args = ['measure', '--files', folder];
    const { code, output, errors } = await spawnCommand([...args, '--json'], { PATH: process.env.PATH }).end;
    expect(code).toBe(3);
    expect(errors).toContain(`passed over, because it is no evidence: ${join(folder, 'other.json')}`);
    const { source, builds, jobs, unmatched, rows } = JSON.parse(output);
    expect(source).toEqual({ type: 'files', files: 5, dryRuns: 5 });
    expect(builds).toMatchObject({ known: 3, failed: null, headStart: { count: 1, totalMs: 25 * minute } });
    expect(jobs.headStart).toMatchObject({ count: 2, totalMs: 35 * minute });
    expect(jobs.unpromised).toMatchObject({ count: 1, totalMs: 12 * minute });
    expect(jobs.open).toBe(1);
    expect(unmatched).toMatchObject([{ build: 'acme/shop/3', promisedExitStatus: 1, exitStatus: 0 }]);
    expect(rows.jobs).toContainEqual(expect.objectContaining({ held: 'below the threshold' }));
    const page = join(scratch(), 'page.html');
    const table = await spawnCommand([...args, '--html', page], { PATH: process.env.PATH, NO_COLOR: '1' })
      .end;
    expect(table.errors).toContain(`wrote ${page}`);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/);
    expect(table.output).toContain('5 evidence files of 3 builds, 5 of dry runs, in which nothing was sent');
  });

  it.each([
    [[], 'name a pipeline, <organization>/<pipeline>, or evidence with --files <path>'],
    [['acme/shop', '--files', '.'], 'name a pipeline'],
    [['acme'], 'not a pipeline: acme'],
    [['acme/shop', '--from', 'monday'], 'It takes a date such as 2026-10-01'],
    [['acme/shop', '--from', '2026-11-02', '--to', '2026-11-01'], 'is not before --to'],
    [['--files', '/no/such/folder'], 'no such file or directory'],
    [['acme/gone'], 'no such pipeline, or the token may not read it: acme/gone'],
  ])('refuses %j with one clear line', async (args, message) => {
    const { env } = await startPast([]);
    const { code, output, errors } = await spawnCommand(['measure', ...args], env).end;
    expect([code, output]).toEqual([1, '']);
    expect(errors).toContain(message);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });
});
