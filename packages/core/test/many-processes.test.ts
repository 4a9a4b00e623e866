import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SimulatedJob, type Simulator, startSimulator } from '@promise-failure/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Outcome, runScript } from './child.ts';

let simulator: Simulator;
let temp: string;
beforeEach(async () => {
  simulator = await startSimulator({ upstreamWaitsMs: [10, 10] });
  temp = mkdtempSync(join(tmpdir(), 'pf-many-'));
});
afterEach(async () => {
  await simulator.close();
  rmSync(temp, { recursive: true, force: true });
});

/** Runs the script in eight processes at once; it finds its number as `me`. */
function runEight(job: SimulatedJob, script: string, env: Record<string, string> = {}): Promise<Outcome[]> {
  return Promise.all(
    Array.from({ length: 8 }, (_, me) =>
      runScript(`const me = ${me};\n${script}`, {
        ...job.env,
        PROMISE_FAILURE: 'true',
        TMPDIR: temp,
        ...env,
      }),
    ),
  );
}

const failing = (count: number, options = '{}') => `
  const session = open(${options});
  for (let n = 0; n < ${count}; n++) session.attemptFinished(failed(me + ' test ' + n));
  await session.close();
  console.log(JSON.stringify({ memory: process.memoryUsage().rss / 2 ** 20 }));
`;

describe('eight processes of one job', { timeout: 60_000 }, () => {
  it('with 10,000 failing tests between them come to one accepted promise, by one call to the Agent API', async () => {
    const job = await simulator.createJob({ key: 'many' });
    const outcomes = await runEight(job, failing(1250), { PROMISE_FAILURE_THRESHOLD: '5' });
    expect(outcomes.map((outcome) => outcome.code)).toEqual(Array(8).fill(0));
    expect(job.promises).toHaveLength(1);
    expect(job.agentApi.requests).toHaveLength(1);
    for (const { stdout } of outcomes) expect(JSON.parse(stdout).memory).toBeLessThan(250);
    const folder = join(temp, `promise-failure-${process.getuid?.() ?? 0}`);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
    expect(files.length).toBeLessThanOrEqual(10);
    expect(bytes).toBeLessThan(8 * 2.2 * 2 ** 20);
  });

  it('without the Job API call the Agent API at most once each', async () => {
    const job = await simulator.createJob({ key: 'direct', jobApi: false });
    await runEight(job, failing(50));
    expect(job.promises).toHaveLength(1);
    expect(job.agentApi.requests.length).toBeGreaterThan(0);
    expect(job.agentApi.requests.length).toBeLessThanOrEqual(8);
  });

  it('reach a threshold together that none of them reaches alone', async () => {
    const job = await simulator.createJob({ key: 'together' });
    await runEight(job, failing(1, '{ threshold: 8 }'));
    expect(job.promises).toHaveLength(1);
  });

  it('promise nothing below the threshold', async () => {
    const job = await simulator.createJob({ key: 'below' });
    const outcomes = await runEight(job, failing(1, '{ threshold: 9 }'));
    expect(job.promises).toHaveLength(0);
    expect(outcomes[0]?.stderr).toContain('nothing promised: below the threshold');
  });

  it('never promise two exit statuses', async () => {
    const job = await simulator.createJob({ key: 'statuses' });
    const outcomes = await runEight(job, failing(1, '{ exitStatus: me + 1 }'));
    expect(job.promises).toHaveLength(1);
    const refused = 'another exit status has been promised';
    expect(outcomes.filter(({ stderr }) => stderr.includes(refused))).toHaveLength(7);
  });
});

describe('outer retries', { timeout: 60_000 }, () => {
  const run = (job: SimulatedJob, ids: readonly string[]) =>
    runScript(
      `const session = open({ outerRetries: 1 });
       for (const id of ${JSON.stringify(ids)}) session.attemptFinished(failed(id));
       await session.close();`,
      { ...job.env, PROMISE_FAILURE: 'true', TMPDIR: temp },
    );

  it('make a failure final when the second run has shown it, too', async () => {
    const job = await simulator.createJob({ key: 'outer' });
    await run(job, ['a', 'b']);
    expect(job.promises).toHaveLength(0);
    await run(job, ['a']);
    expect(job.promises).toHaveLength(1);
  });

  it('take no failure for final that the second run does not show again', async () => {
    const job = await simulator.createJob({ key: 'lost' });
    await run(job, ['a']);
    await run(job, ['b']);
    expect(job.promises).toHaveLength(0);
  });

  it('begin anew behind a run in which everything passed', async () => {
    const job = await simulator.createJob({ key: 'anew' });
    for (const ids of [['a'], [], ['a']]) await run(job, ids);
    expect(job.promises).toHaveLength(0);
    await run(job, ['a']);
    expect(job.promises).toHaveLength(1);
  });

  it('let green runs leave no trace where none has failed before', async () => {
    const job = await simulator.createJob({ key: 'green' });
    await run(job, []);
    expect(readdirSync(temp)).toEqual([]);
  });

  it('take runs side by side for no retries of each other', async () => {
    const job = await simulator.createJob({ key: 'beside' });
    // Everyone is up before anyone fails, and has failed before anyone ends.
    await runEight(
      job,
      `const { readdirSync, writeFileSync } = await import('node:fs');
       const all = async (what) => {
         writeFileSync(${JSON.stringify(temp)} + '/' + what + me, '');
         while (readdirSync(${JSON.stringify(temp)}).filter((name) => name.startsWith(what)).length < 8) {
           await new Promise((resolve) => setTimeout(resolve, 10));
         }
       };
       const session = open({ outerRetries: 1 });
       await all('up');
       session.attemptFinished(failed('the same test'));
       await all('failed');
       await session.close();`,
    );
    expect(job.promises).toHaveLength(0);
  });
});
