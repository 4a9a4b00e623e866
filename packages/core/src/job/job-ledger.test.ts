import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobFolderPath, noteJob, openJobFolder, removeOldJobFolders } from './job-folder.ts';
import { JobLedger, readJobLedger } from './job-ledger.ts';

let temp: string;
let folder: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'pf-ledger-'));
  folder = join(temp, 'promise-failure-0', 'job');
  openJobFolder(folder);
});
afterEach(() => rmSync(temp, { recursive: true, force: true }));

const runLine = { type: 'run', runner: 'jest', root: '/r', pid: 1, startedAt: 5, exitStatus: 1 } as const;
const failed = (key: string, muted: boolean | 'unknown' = false) =>
  ({ type: 'failed', key, name: `name of ${key}`, muted }) as const;

describe('JobLedger', () => {
  it('shows one process what the others wrote, as it grows', () => {
    const mine = new JobLedger(folder, runLine, 'a');
    const theirs = new JobLedger(folder, { ...runLine, pid: 2 }, 'b');
    theirs.append(failed('x'));
    expect([...(mine.readOthers()[0]?.failed.keys() ?? [])]).toEqual(['x']);
    theirs.append(failed('y', true));
    theirs.append({ type: 'passed', key: 'x' });
    theirs.append({ type: 'run error', key: 'e', name: 'hook' });
    theirs.append({ type: 'total', total: 12 });
    theirs.append({ type: 'end', at: 99 });
    const [view] = mine.readOthers();
    expect(view).toMatchObject({ startedAt: 5, endedAt: 99, total: 12, overflow: false });
    expect(view?.failed).toEqual(new Map([['y', { name: '', muted: true }]]));
    expect(readJobLedger(folder).map((run) => run.failed.get('y')?.name)).toEqual([undefined, 'name of y']);
    expect(view?.runErrors).toEqual(new Map([['e', 'hook']]));
  });

  it('tells of a run that ended before all of its tests had run', () => {
    const ledger = new JobLedger(folder, runLine, 'a');
    expect(readJobLedger(folder)[0]?.cutShort).toBeUndefined();
    ledger.append({ type: 'end', at: 1, cutShort: true });
    expect(readJobLedger(folder)[0]).toMatchObject({ endedAt: 1, cutShort: true });
  });

  it('ignores a line that was torn by a crash, and goes on when the rest arrives', () => {
    const mine = new JobLedger(folder, runLine, 'a');
    new JobLedger(folder, runLine, 'b');
    const path = join(folder, 'b.jsonl');
    const line = JSON.stringify(failed('ü'));
    appendFileSync(path, Buffer.from(line).subarray(0, 20));
    expect(mine.readOthers()[0]?.failed.size).toBe(0);
    appendFileSync(path, Buffer.from(`${line}\n`).subarray(20));
    expect(mine.readOthers()[0]?.failed.has('ü')).toBe(true);
  });

  it('stops growing, and says so', () => {
    const ledger = new JobLedger(folder, runLine, 'a');
    for (let n = 0; n < 20_000; n++) ledger.append({ ...failed(`${n}`), name: 'n'.repeat(200) });
    ledger.append({ type: 'end', at: 1 });
    expect(statSync(join(folder, 'a.jsonl')).size).toBeLessThan(2.2 * 1024 * 1024);
    expect(readJobLedger(folder)[0]).toMatchObject({ overflow: true, endedAt: 1 });
  });

  it('writes for the user alone', () => {
    new JobLedger(folder, runLine, 'a');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });
});

describe('removeOldJobFolders', () => {
  it.each<[string, number, 'gone' | 'there' | 'unknown', boolean]>([
    ['was used an hour ago', 1 / 24, 'gone', true],
    ['is over and was used three days ago', 3, 'gone', false],
    ['was idle for three days and lives, as its socket tells', 3, 'there', true],
    ['was idle for three days, and nothing tells whether it lives', 3, 'unknown', true],
    ['was used before anything that runs now', 30, 'there', false],
  ])('keeps or removes the folder of a job that %s', (_what, days, socket, kept) => {
    const job = join(temp, 'promise-failure-0', 'other');
    openJobFolder(job);
    const path = join(temp, 'agent.sock');
    if (socket === 'there') writeFileSync(path, '');
    if (socket !== 'unknown') noteJob(job, { BUILDKITE_AGENT_JOB_API_SOCKET: path });
    const then = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
    for (const name of readdirSync(job)) utimesSync(join(job, name), then, then);
    utimesSync(job, then, then);
    removeOldJobFolders(folder);
    expect(existsSync(job)).toBe(kept);
  });

  it('counts what was appended to a file as use', () => {
    const job = join(temp, 'promise-failure-0', 'other');
    openJobFolder(job);
    noteJob(job, { BUILDKITE_AGENT_JOB_API_SOCKET: '/nowhere' });
    const then = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000);
    utimesSync(job, then, then);
    removeOldJobFolders(folder);
    expect(existsSync(job)).toBe(true);
  });
});

describe('jobFolderPath', () => {
  it('is none outside a job', () => expect(jobFolderPath({}, 'on')).toBeUndefined());
  it('is the one a command of ours names', () =>
    expect(jobFolderPath({ PROMISE_FAILURE_JOB_FOLDER: '/x', BUILDKITE_JOB_ID: 'j' }, 'on')).toBe('/x'));
  it('stays inside the temporary folder whatever the job id', () =>
    expect(jobFolderPath({ BUILDKITE_JOB_ID: '../../etc' }, 'on', '/t')).toMatch(
      /^\/t\/promise-failure-\d+\/[^/]+$/,
    ));
});
