import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type SimulatedJob, startSimulator } from '@promise-failure/simulator';
import { onTestFinished } from 'vitest';
import { examine } from '../src/doctor/examine.ts';
import type { Finding, Place } from '../src/doctor/finding.ts';

const packages = join(import.meta.dirname, '../..');
const named = "module.exports = { reporters: ['default', '@promise-failure/jest'] };\n";

/** A folder with these files and, unless it is left out, our Jest reporter installed. */
export function makeFolder(files: Record<string, string> = { 'jest.config.js': named }, installed = true) {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // No look goes further up than here.
  const all = { 'package.json': '{}', 'turbo.json': '{}', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  if (installed) {
    mkdirSync(join(folder, 'node_modules/@promise-failure'), { recursive: true });
    symlinkSync(join(packages, 'jest'), join(folder, 'node_modules/@promise-failure/jest'));
  }
  return folder;
}

type JobOptions = Parameters<Awaited<ReturnType<typeof startSimulator>>['createJob']>[0];

/** A running job with the flag on. */
export async function startPatient(job: JobOptions = {}) {
  const simulator = await startSimulator({ upstreamWaitsMs: [10] });
  onTestFinished(() => simulator.close());
  const started = await simulator.createJob(job);
  onTestFinished(() => assertNothingAsked(started));
  const { PATH, HOME, TMPDIR } = process.env;
  // Nothing of the machine's own: tests may run as a task of Turborepo, which the doctor would see.
  const env: NodeJS.ProcessEnv = { ...started.processEnv({ PATH, HOME, TMPDIR }), PROMISE_FAILURE: 'true' };
  return { job: started, env };
}

/** Of Buildkite, by whichever way. */
function assertNothingAsked({ promises, jobApi, agentApi }: SimulatedJob): void {
  const requests = [...(jobApi?.requests ?? []), ...agentApi.requests];
  const asked = requests.filter(({ method, path }) => method !== 'GET' && /promise.failure/.test(path));
  if (promises.length + asked.length > 0) throw new Error('the doctor has asked for a promise');
}

/** What the doctor finds; `find` gives the one finding of a check that is not well, or the only one. */
export async function diagnose(place: Partial<Place> & { env: NodeJS.ProcessEnv }) {
  const { signal } = new AbortController();
  const findings = await examine({ folder: makeFolder(), inContainer: false, signal, ...place });
  const find = (check: string): Finding | undefined => {
    const own = findings.filter((finding) => finding.check === check);
    return own.find(({ status }) => status !== 'ok') ?? own[0];
  };
  return { findings, find, problems: findings.filter(({ status }) => status === 'problem') };
}
