import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Agent, openJob, refusing } from '../harness/job.ts';
import { e2eFolder } from '../harness/runners.ts';
import { median } from './usage.ts';

export const storms = ['off', 'accepted', 'refused', 'below the threshold', 'muted'] as const;
type StormKind = (typeof storms)[number];

/** What the failures of one run cost the process that reports them: medians. */
export interface StormCost {
  readonly cpuMs: number;
  /** How long the end of the run waited. */
  readonly drainMs: number;
  readonly peakMiB: number;
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
  const [file, name] = ['/srv/project/packages/web/src/file' + (n >> 5) + '.test.ts', 'does what it should ' + n];
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

/** \`core\`: folder of the package to measure. */
export async function measureStorm(
  kind: StormKind,
  failures: number,
  runs: number,
  core: string,
): Promise<StormCost> {
  const found: StormCost[] = [];
  for (let n = 0; n < runs; n++) found.push(await measureOnce(kind, failures, core));
  const middle = (of: (cost: StormCost) => number) => median(found.map(of));
  return {
    cpuMs: middle((cost) => cost.cpuMs),
    drainMs: middle((cost) => cost.drainMs),
    peakMiB: middle((cost) => cost.peakMiB),
  };
}

async function measureOnce(kind: StormKind, failures: number, core: string): Promise<StormCost> {
  const dir = join(e2eFolder, '.tmp', `bench-storm-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'muted.json'), '["*"]');
  const job = await openJob(() => {}, agents[kind]);
  const { PATH = '' } = process.env;
  const env = { ...job.processEnv({ PATH, TMPDIR: dir }), PROMISE_FAILURE: 'true', ...variables[kind] };
  const entry = pathToFileURL(join(core, 'dist/session-entry/index.js')).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script(entry, failures)], {
    ...{ cwd: dir, env, stdio: ['ignore', 'pipe', 'ignore'] },
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  try {
    await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    return JSON.parse(output) as StormCost;
  } finally {
    await job.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
