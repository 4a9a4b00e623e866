import { type SimulatedJob, startSimulator } from '@promise-failure/simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { spawnCommand } from './spawn-command.ts';

type JobOptions = Parameters<Awaited<ReturnType<typeof startSimulator>>['createJob']>[0];

async function startJob(job: JobOptions = {}, options: Parameters<typeof startSimulator>[0] = {}) {
  const simulator = await startSimulator({ upstreamWaitsMs: [10, 10], ...options });
  onTestFinished(() => simulator.close());
  return simulator.createJob(job);
}

const declare = (job: SimulatedJob, args: readonly string[], more: Record<string, string> = {}) =>
  spawnCommand(['declare', ...args], { ...job.processEnv(), ...more }).end;

describe('promise-failure declare', { timeout: 60_000 }, () => {
  it('promises by the Job API, with the reason, and asks for no flag', async () => {
    const job = await startJob();
    const { code, output, errors } = await declare(job, ['3', '--reason', 'the licence check fails']);
    expect(code).toBe(0);
    expect(job.promises).toMatchObject([{ exitStatus: 3, reason: 'the licence check fails' }]);
    expect(errors).toBe(
      '--- promise-failure: promised exit status 3 (by Job API): the licence check fails\n',
    );
    expect(output).toBe('');
  });

  it('promises by the Agent API where there is no Job API', async () => {
    const job = await startJob({ jobApi: false });
    const { code, errors } = await declare(job, ['1']);
    expect(code).toBe(0);
    expect(job.promises).toMatchObject([{ exitStatus: 1 }]);
    expect(errors).toContain('(by Agent API)');
  });

  it('says that the same was promised before, and ends with 0', async () => {
    const job = await startJob();
    await declare(job, ['1']);
    const { code, errors } = await declare(job, ['1']);
    expect(code).toBe(0);
    expect(errors).toBe('promise-failure: exit status 1 had been promised already (by Job API)\n');
    expect(job.promises).toHaveLength(1);
  });

  it('ends with 3 where Buildkite refuses', async () => {
    const job = await startJob();
    await declare(job, ['1']);
    const another = await declare(job, ['2']);
    expect(another.code).toBe(3);
    expect(another.errors).toContain('another exit status has been promised for this job already');
    const disabled = await startJob({}, { promisesEnabled: false });
    const refused = await declare(disabled, ['1']);
    expect(refused.code).toBe(3);
    expect(refused.errors).toContain('not enabled for this organization');
  });

  it('ends with 4 where no verdict comes in time', async () => {
    const silent = { faults: [{ hang: 'request' as const }], repeatLast: true };
    const job = await startJob({ jobApi: silent, agentApi: silent });
    const { code, errors } = await declare(job, ['1', '--timeout', '0.5']);
    expect(code).toBe(4);
    expect(errors).toContain('none within 0.5 s; to declare again is safe');
  });

  it('ends with 143 when it is terminated while it waits', async () => {
    const silent = { faults: [{ hang: 'request' as const }], repeatLast: true };
    const job = await startJob({ jobApi: silent });
    const { child, end } = spawnCommand(['declare', '1'], job.processEnv());
    await expect.poll(() => job.jobApi?.requests.length, { timeout: 20_000 }).toBe(1);
    child.kill('SIGTERM');
    expect((await end).code).toBe(143);
  });

  it('sends nothing in a dry run, in a job or without one', async () => {
    const job = await startJob();
    const dry = { PROMISE_FAILURE: 'dry-run' };
    const inJob = await declare(job, ['7', '--reason', 'why'], dry);
    expect([inJob.code, inJob.errors]).toEqual([
      0,
      '--- promise-failure: would promise exit status 7 now: why\n',
    ]);
    expect(job.jobApi?.requests).toEqual([]);
    expect((await spawnCommand(['declare', '7'], { PATH: process.env.PATH, ...dry }).end).code).toBe(0);
  });

  it('sends nothing where the flag says no, or neither yes nor no', async () => {
    const job = await startJob();
    expect(await declare(job, ['1'], { PROMISE_FAILURE: 'false' })).toMatchObject({ code: 5 });
    const unclear = await declare(job, ['1'], { PROMISE_FAILURE: 'flase' });
    expect(unclear.code).toBe(1);
    expect(unclear.errors).toContain('PROMISE_FAILURE is "flase", expected true or false, or dry-run');
    expect(job.jobApi?.requests).toEqual([]);
  });

  it('ends with 1 outside of a job', async () => {
    const { code, errors } = await spawnCommand(['declare', '1'], { PATH: process.env.PATH }).end;
    expect(code).toBe(1);
    expect(errors).toContain('this is not a Buildkite job');
  });

  it.each(['0', '256', '-1', '1.5', 'one', ''])('refuses the exit status "%s"', async (status) => {
    const job = await startJob();
    const { code, errors } = await declare(job, ['--', status]);
    expect(code).toBe(1);
    expect(errors).toContain('It takes a whole number from 1 to 255.');
    expect(job.jobApi?.requests).toEqual([]);
  });

  it('redacts the reason, and keeps it on one line', async () => {
    const job = await startJob();
    const secret = { DEPLOY_TOKEN: 'hunter2-hunter2' };
    const reason = 'it said hunter2-hunter2\n+++ and more';
    const { errors } = await declare(job, ['1', '--reason', reason], secret);
    expect(job.promises[0]?.reason).toBe('it said [REDACTED] +++ and more');
    expect(errors).not.toContain('hunter2');
    expect(errors.trim().split('\n')).toHaveLength(1);
  });
});
