import { fs, path } from '../builtins.ts';
import type { Config } from '../config/config.ts';
import type { Env } from '../env.ts';

/** What stands around the runner and can re-run or override it. */
export interface Layers {
  /** Why the job may end green although the runner fails; empty when nothing of the kind is seen. */
  readonly flippers: readonly string[];
  /** How many further runs of the runner a failure must survive. */
  readonly outerRetries: number;
  /** True when Buildkite's own client runs the runner: it mutes tests, too. */
  readonly bktec: boolean;
}

/** Argument lists of the parent process and its parents, nearest first; `undefined` where they cannot be read. */
export type ReadAncestors = () => readonly (readonly string[])[] | undefined;

const mostAncestors = 32;

/** Looks at the environment and the ancestors for layers that make an early promise uncertain. */
export function lookAround(
  config: Pick<Config, 'exitWrapper' | 'outerRetries'>,
  env: Env,
  execArgv: readonly string[],
  readAncestors: ReadAncestors = readProcessAncestors,
): Layers {
  const flippers: string[] = [];
  if (config.exitWrapper !== undefined) flippers.push(config.exitWrapper);
  if (datadogMayFlip(env, execArgv)) flippers.push('Datadog Test Optimization (dd-trace)');
  if (nxCloudMayRerun(env)) flippers.push('Nx Cloud, which re-runs flaky tasks');

  const ancestors = readAncestors();
  const bktecArguments = ancestors?.find((argv) => argv.some(isNamed('bktec', 'test-engine-client')));
  if (ancestors?.some((argv) => argv.some(isNamed('trunk-analytics-cli')))) flippers.push('Trunk');
  const retriesFlag = bktecArguments && readRetryFlag(bktecArguments);
  if (ancestors === undefined && env.BUILDKITE_TEST_ENGINE_TEST_RUNNER && config.outerRetries === 0) {
    flippers.push('bktec, whose number of retries cannot be read on this system');
  }
  return { flippers, outerRetries: retriesFlag ?? config.outerRetries, bktec: bktecArguments !== undefined };
}

/** dd-trace forgives failures at the end of a session, through quarantine and through early flake detection. */
function datadogMayFlip(env: Env, execArgv: readonly string[]): boolean {
  const loaded = [env.NODE_OPTIONS ?? '', ...execArgv].some((text) => text.includes('dd-trace'));
  const off = (value: string | undefined) => value === 'false' || value === '0';
  return (
    loaded && !(off(env.DD_TEST_MANAGEMENT_ENABLED) && off(env.DD_CIVISIBILITY_EARLY_FLAKE_DETECTION_ENABLED))
  );
}

function nxCloudMayRerun(env: Env): boolean {
  const cloud = env.NX_CLOUD_ACCESS_TOKEN || env.NX_CLOUD_AUTH_TOKEN || env.NX_CLOUD_ID;
  return Boolean(cloud) && env.NX_NO_CLOUD !== 'true' && Boolean(env.NX_TASK_TARGET_PROJECT);
}

function isNamed(...names: readonly string[]): (argument: string) => boolean {
  return (argument) => names.includes(path.basename(argument).replace(/\.exe$/, ''));
}

/** bktec's own flag; its variable is read with the configuration. Source: test-engine-client cli.go. */
function readRetryFlag(argv: readonly string[]): number | undefined {
  const at = argv.findIndex((argument) => /^--?test-engine-retry-count(=|$)/.test(argument));
  if (at === -1) return undefined;
  const value = argv[at]?.split('=')[1] ?? argv[at + 1];
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

function readProcessAncestors(): readonly (readonly string[])[] | undefined {
  try {
    const read = process.platform === 'linux' ? readFromProc : readFromPs;
    const found: (readonly string[])[] = [];
    for (let pid = process.ppid; pid > 1 && found.length < mostAncestors; ) {
      const { argv, parent } = read(pid);
      found.push(argv);
      pid = parent;
    }
    return found;
  } catch {
    return undefined;
  }
}

function readFromProc(pid: number): { argv: readonly string[]; parent: number } {
  const argv = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  // The command's name may hold spaces and parentheses: the fields start after the last one.
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { argv, parent: Number(fields[1]) };
}

function readFromPs(pid: number): { argv: readonly string[]; parent: number } {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const line = execFileSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' });
  const [parent = '0', ...argv] = line.trim().split(/\s+/);
  return { argv, parent: Number(parent) };
}
