import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { ArtifactStore } from '../model/artifact-store.ts';
import { createModel } from '../model/model.ts';
import type { Build } from '../model/types.ts';
import type { Buildkite, SimulatorOptions } from './buildkite.ts';
import { createOidcIssuer } from './oidc.ts';
import { type JobOptions, type SimulatedJob, startJob } from './simulated-job.ts';

/** A local Buildkite in this process. */
export interface Simulator extends Buildkite {
  /** Adds a running job with its own Job API and Agent API. */
  createJob(options?: JobOptions): Promise<SimulatedJob>;
  /** Ends all servers, breaks their connections and removes all files. */
  close(): Promise<void>;
}

/** Starts a simulator. Nothing listens before the first job. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { clock = systemClock, organization = 'acme', pipeline = 'shop', countPromises = true } = options;
  const { webUrl = 'https://buildkite.com' } = options;
  const model = createModel({ clock, countPromises });
  const folder = await mkdtemp(join(shortTmpdir(), 'pf-'));
  const jobs: SimulatedJob[] = [];
  let sockets = 0;
  let build: Build | undefined;
  const simulator: Simulator = {
    options,
    organization,
    pipeline,
    clock,
    model,
    artifacts: new ArtifactStore(() => clock.now()),
    issuer: createOidcIssuer({ organization, pipeline, issuer: webUrl, now: () => clock.now() }),
    get build() {
      build ??= model.createBuild();
      return build;
    },
    async createJob(jobOptions = {}) {
      const job = await startJob(simulator, join(folder, `${sockets++}.sock`), jobOptions);
      jobs.push(job);
      return job;
    },
    async close() {
      await Promise.all(jobs.map((job) => job.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return simulator;
}

/** Socket paths must stay below 104 bytes on macOS, and a folder named by TMPDIR may be long already. */
function shortTmpdir(): string {
  return Buffer.byteLength(tmpdir()) <= 70 ? tmpdir() : '/tmp';
}
