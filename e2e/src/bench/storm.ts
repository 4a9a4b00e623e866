import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Agent, openJob, refusing } from '../harness/job.ts';
import { e2eFolder } from '../harness/runners.ts';
import { median } from './usage.ts';

export const storms = ['off', 'accepted', 'refused', 'below the threshold', 'muted'] as const;
type StormKind = (typeof storms)[number];

/** A storm of failures, over one process or several of the same job. */
export interface Storm {
  readonly kind: StormKind;
  /** Of all processes together. */
  readonly failures: number;
  readonly processes: number;
}

/** What the failures cost the processes that report them: medians. */
export interface StormCost {
  /** Of all processes together. */
  readonly cpuMs: number;
  /** How long the end of the slowest waited. */
  readonly drainMs: number;
  /** Of the largest. */
  readonly peakMiB: number;
  /** Requests to the agent, and from it to Buildkite. */
  readonly calls: number;
}

const agents: Partial<Record<StormKind, Agent>> = { refused: refusing(404) };

const variables: Readonly<Record<StormKind, Record<string, string>>> = {
  off: { PROMISE_FAILURE: 'false' },
  accepted: {},
  refused: {},
  'below the threshold': { PROMISE_FAILURE_THRESHOLD: '1000000' },
  muted: { PROMISE_FAILURE_MUTED_FILE: 'muted.json' },
};

/** Fifty failures every two milliseconds, more than any runner has; each report is garbage soon, as with a runner. */
const script = (core: string, failures: number) => `
const { createSession } = await import(${JSON.stringify(core)});
const session = createSession({ runner: 'jest', options: {}, exitStatus: 1, rootDir: '/' });
const before = process.cpuUsage();
for (let n = 0; n < ${failures}; n++) {
  const [file, name] = ['/srv/project/packages/p' + process.pid + '/src/file' + (n >> 5) + '.test.ts', 'does what it should ' + n];
  session.attemptFinished({
    id: file + '\\0Group of tests ' + name,
    test: { scope: 'Group of tests', name, file, titlePath: ['Group of tests', name] },
    status: 'failed',
    willRunAgain: 'no',
  });
  if (n % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 2));
}
const endedAt = performance.now();
await session.close();
const drainMs = performance.now() - endedAt;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, drainMs, peakMiB: process.resourceUsage().maxRSS / 1024 }));
`;

/** `core`: folder of the package to measure. */
export async function measureStorm(storm: Storm, runs: number, core: string): Promise<StormCost> {
  const found: StormCost[] = [];
  for (let n = 0; n < runs; n++) found.push(await measureOnce(storm, core));
  const middle = (of: (cost: StormCost) => number) => median(found.map(of));
  return {
    cpuMs: middle((cost) => cost.cpuMs),
    drainMs: middle((cost) => cost.drainMs),
    peakMiB: middle((cost) => cost.peakMiB),
    calls: middle((cost) => cost.calls),
  };
}

async function measureOnce({ kind, failures, processes }: Storm, core: string): Promise<StormCost> {
  const dir = join(e2eFolder, '.tmp', `bench-storm-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'muted.json'), '["*"]');
  const job = await openJob(() => {}, agents[kind]);
  const { PATH = '' } = process.env;
  const env = { ...job.processEnv({ PATH, TMPDIR: dir }), PROMISE_FAILURE: 'true', ...variables[kind] };
  const source = script(
    pathToFileURL(join(core, 'dist/session-entry/index.js')).href,
    Math.ceil(failures / processes),
  );
  try {
    const costs = await Promise.all(Array.from({ length: processes }, () => runScript(source, dir, env)));
    return {
      cpuMs: costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      drainMs: Math.max(...costs.map(({ drainMs }) => drainMs)),
      peakMiB: Math.max(...costs.map(({ peakMiB }) => peakMiB)),
      calls: (job.jobApi?.requests.length ?? 0) + job.agentApi.requests.length,
    };
  } finally {
    await job.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function runScript(
  source: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Omit<StormCost, 'calls'>> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    ...{ cwd, env, stdio: ['ignore', 'pipe', 'ignore'] },
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  return JSON.parse(output);
}
