import { describe, expect, it } from 'vitest';
import type { FaultRow } from '../../../packages/core/test/fault-bench.ts';
import { faultTables } from '../../../packages/core/test/fault-tables.ts';
import { type Project, type RunResult, runProject } from '../harness/harness.ts';
import type { RunnerName } from '../harness/runners.ts';
import { testedRunner } from '../harness/target.ts';

/** A row that takes real time is only looked at until the end of the run, which is short then. */
const drainMs = { prompt: 30_000, slow: 1000 };
/** Far above what a loaded machine adds. */
const marginMs = 30_000;

/** Rows that stand for the others where each run takes long. */
export const sample: readonly string[] = [
  'the Job API is missing: the agent offers none',
  'the Job API is odd: it answers 10 MB',
  'the Job API breaks: it hangs before it declares',
  'the Job API breaks: the agent is killed while it answers',
  'the Job API brings a verdict: Buildkite answers 409',
  'the Agent API is asked: its certificate is not trusted',
  'the Agent API is odd: it answers 503 once',
  'the Agent API breaks: it resets after it has declared',
  'the command is run: the endpoint serves the command alone',
];

/** Registers rows of core's fault table as whole runs: `failing` is a project with one failing test. */
export function describeFaults(runner: RunnerName, failing: Project, names?: readonly string[]): void {
  const { setup, version } = testedRunner(runner);
  const bare = runProject(failing, { ...setup, reporter: false });

  for (const [title, rows] of Object.entries(faultTables)) {
    const chosen = rows.filter(({ name }) => names?.includes(`${title} ${name}`) ?? true);
    if (chosen.length === 0) continue;
    describe(`${runner} ${version}, ${title}`, () => {
      it.concurrent.each(chosen)('$name', async (row) => {
        const pace = isSlow(row) ? 'slow' : 'prompt';
        const env = {
          ...pathFor(row),
          ...unsetAsEmpty(row),
          PROMISE_FAILURE_DRAIN_TIMEOUT_MS: String(drainMs[pace]),
        };
        const agent = { ...row.job, simulator: row.simulator, prepare: row.prepare };
        const ours = await runProject({ ...failing, env }, { ...setup, waitMs: 0, agent });
        const without = await bare;
        expect(ours.exitCode, ours.stderr).toBe(without.exitCode);
        expect(ours.stdout).not.toContain('promise-failure');
        expect(ours.stdout.split('\n').length).toBe(without.stdout.split('\n').length);
        expect(lasted(ours)).toBeLessThan(lasted(without) + drainMs.slow + marginMs);
        if (pace === 'slow') expect(row.ends.promised).toEqual(expect.arrayContaining([...promisedIn(ours)]));
        else expect(endOf(ours), ours.stderr).toEqual(expectedEnd(row));
      });
    });
  }
}

/** How the run tells of its end, and what the servers saw of it. */
function endOf({ calls, promises, stderr }: RunResult) {
  const by = /\(by (Job API|Agent API|buildkite-agent)\)/.exec(stderr)?.[1];
  const jobApi = calls.filter(({ path }) => path.startsWith('/api/current-job/')).length;
  return {
    by: promises.length > 0 ? by : undefined,
    calls: [jobApi, calls.length - jobApi],
    promised: promises.map(({ exitStatus }) => exitStatus),
  };
}

function expectedEnd({ ends }: FaultRow): ReturnType<typeof endOf> {
  const promised = [...ends.promised];
  // What may change is asked for once more at the end of the run.
  const times = ends.result === 'transient' ? 2 : 1;
  const calls = [ends.jobApi * times, ends.agentApi * times];
  return { by: promised.length > 0 ? ends.by : undefined, calls, promised };
}

/** With the real waits and time limits it would take longer than a test should. */
function isSlow({ job, ends, waits = [] }: FaultRow): boolean {
  const setups = [job?.jobApi, job?.agentApi].flatMap((each) => (each ? [each.faults ?? []] : []));
  const lingers = setups.flat().some(({ hang, delayMs = 0 }) => hang !== undefined || delayMs > 1000);
  const tiresOut = ends.by !== 'Job API' && (ends.result === 'transient' || ends.result === 'unknown');
  const waitMs = waits.reduce((sum, each) => sum + each, 0);
  return lingers || tiresOut || waitMs > 2500 || setups.some((faults) => faults.length >= 4);
}

/** Rows without a command take the agent's folder from the variables; it has to leave the path as well. */
function pathFor({ env }: FaultRow): Record<string, string> {
  return env?.BUILDKITE_BIN_PATH === '' ? { PATH: process.env.PATH ?? '' } : {};
}

function unsetAsEmpty({ env = {} }: FaultRow): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? '']));
}

function promisedIn({ promises }: RunResult): readonly number[] {
  return promises.map(({ exitStatus }) => exitStatus);
}

function lasted({ startedAt, endedAt }: RunResult): number {
  return endedAt - startedAt;
}
