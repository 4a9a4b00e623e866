import { fs, path } from '../builtins.ts';
import type { Env } from '../env.ts';
import type { Ancestors } from './ancestors.ts';

/** Commands around the runner that re-run failed tests or forgive them at the end, by the names of their binaries. */
const wrappers: readonly (readonly [name: RegExp, what: string])[] = [
  [/^trunk-analytics-cli([-_.].*)?$/, 'Trunk'],
  [/^captain([-_.].*)?$/, 'RWX Captain'],
];

/** Wrappers that are seen above this process. */
export function findWrappers({ seen }: Ancestors): readonly string[] {
  const programs = seen.flatMap((ancestor) => ancestor.programs);
  return wrappers.filter(([name]) => programs.some((program) => name.test(program))).map(([, what]) => what);
}

/**
 * dd-trace forgives failures at the end of a session, through quarantine and through early flake detection. It may be
 * loaded by any file that NODE_OPTIONS names, so what it leaves in the process tells (`tracer`), or its variables beside
 * any preload. Source: dd-trace 5 and 6, packages/dd-trace/src/bootstrap.js.
 */
export function datadogMayFlip(env: Env, execArgv: readonly string[], tracer: boolean): boolean {
  const options = [env.NODE_OPTIONS ?? '', ...execArgv];
  const named = options.some((text) => text.includes('dd-trace'));
  const preloads = options.some((text) => /(^|\s)(-r|--require|--import)\b/.test(text));
  const configured = Object.keys(env).some((name) =>
    /^DD_(CIVISIBILITY|TEST_MANAGEMENT|TEST_OPTIMIZATION)_/.test(name),
  );
  const off = (value: string | undefined) => value === 'false' || value === '0';
  const harmless =
    off(env.DD_TEST_MANAGEMENT_ENABLED) && off(env.DD_CIVISIBILITY_EARLY_FLAKE_DETECTION_ENABLED);
  return (tracer || named || (preloads && configured)) && !harmless;
}

/** Nx Cloud re-runs flaky tasks, also on another agent. It is connected by variables or by the workspace's nx.json. */
export function nxCloudMayRerun(env: Env, folder: string): boolean {
  if (!env.NX_TASK_TARGET_PROJECT || env.NX_NO_CLOUD === 'true') return false;
  if (env.NX_CLOUD_ACCESS_TOKEN || env.NX_CLOUD_AUTH_TOKEN || env.NX_CLOUD_ID) return true;
  const nx = readNxJson(env, folder);
  return !/^\s*"neverConnectToCloud"\s*:\s*true/m.test(nx) && (hasToken.test(nx) || hasRunner.test(nx));
}

/** The text is searched and not parsed: comments and trailing commas are allowed there, and no JSON. */
const hasToken = /"(nxCloudId|nxCloudAccessToken|accessToken)"\s*:\s*"[^"]/;
const hasRunner = /"runner"\s*:\s*"[^"]*nx-cloud"/;

/** The nearest nx.json above the run's folder; an unreadable one says nothing. */
function readNxJson(env: Env, folder: string): string {
  for (let at = env.NX_WORKSPACE_ROOT || folder; ; at = path.dirname(at)) {
    try {
      return fs.readFileSync(path.join(at, 'nx.json'), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || at === path.dirname(at)) return '';
    }
  }
}
