import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface ProcessUsage {
  readonly cpuMs: number;
  readonly peakMiB: number;
  /** In use at its end without garbage, which is most of the peak: V8 lets it pile up as it likes. */
  readonly heldMiB: number;
}

/** What one command took: CPU of all its processes, wall time in milliseconds, and the largest process's memory. */
export interface Usage {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly peakMiB: number;
  /** Of the started process alone: reporters live there, and what workers take is noise to them. */
  readonly own: ProcessUsage;
}

/** Preloaded into every process of the measured command: writes its own usage when it exits. */
export const meterSource = `import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
if (isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    const heldMiB = process.memoryUsage().heapUsed / 2 ** 20;
    const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMiB: maxRSS / 1024, heldMiB };
    writeFileSync(process.env.BENCH_METER + '/' + process.pid + '.json', JSON.stringify(usage));
  });
}
`;

/** Runs node with \`argv\` and measures it. Throws unless it exits with \`exitCode\`. */
export async function measure(
  argv: readonly string[],
  options: { cwd: string; env: Record<string, string>; meter: string; exitCode?: number },
): Promise<Usage> {
  const folder = mkdtempSync(join(tmpdir(), 'pf-bench-'));
  const started = performance.now();
  const child = spawn(process.execPath, [...argv], {
    cwd: options.cwd,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...options.env,
      NODE_OPTIONS: `--import=${pathToFileURL(options.meter).href}`,
      BENCH_METER: folder,
    },
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const wallMs = performance.now() - started;
  if (code !== (options.exitCode ?? 0)) throw new Error(`${argv.join(' ')} exited with ${code}`);
  const read = (name: string): ProcessUsage => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const own = read(`${child.pid}.json`);
  const parts = readdirSync(folder).map(read);
  rmSync(folder, { recursive: true, force: true });
  return {
    cpuMs: parts.reduce((sum, part) => sum + part.cpuMs, 0),
    peakMiB: Math.max(...parts.map((part) => part.peakMiB)),
    wallMs,
    own,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
