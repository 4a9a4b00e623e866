import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Packed } from '../harness/pack.ts';

/** How a project is installed; Yarn with a `node_modules` folder, and with Plug'n'Play. */
export type Manager = 'npm' | 'pnpm' | 'yarn' | 'yarn-pnp';

export interface Project {
  readonly folder: string;
  /** What Node.js is given to run a command of the project: `bin` of the package, by its path there. */
  command(bin: string, packageName: string, path: string): readonly string[];
  /** The same for a script of the project's own. */
  script(path: string): readonly string[];
  remove(): void;
}

/** Outside of the repository, whose own lockfile and workspace a package manager would take for the project's. */
const root = join(tmpdir(), 'promise-failure-installed');

type Dependencies = Readonly<Record<string, string>>;

/** An empty project in which some of our packages, as they are published, and others have been installed. */
export function installPacked(
  manager: Manager,
  packed: readonly Packed[],
  wanted: readonly string[],
  others: Dependencies,
): Project {
  mkdirSync(root, { recursive: true });
  const folder = mkdtempSync(join(root, `${manager}-`));
  const ours = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const chosen = Object.fromEntries(wanted.map((name) => [name, ours[name]]));
  const project = { private: true, dependencies: { ...others, ...chosen } };
  // Ours of another version may be in the registry: all of them come from here.
  const write = (fields: object, more: Dependencies = {}) => {
    const files = { 'package.json': JSON.stringify({ ...project, ...fields }), ...more };
    for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
  };
  // What is asked for is what the runner gets as well, for which Yarn would take its newest version.
  const forYarn = { resolutions: { ...others, ...ours } };
  const plain = {
    folder,
    command: (_bin: string, packageName: string, path: string) => [
      join(folder, 'node_modules', packageName, path),
    ],
    script: (path: string) => [join(folder, path)],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  switch (manager) {
    case 'npm':
      write({ overrides: ours });
      run(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
      return plain;
    case 'pnpm':
      write({}, { 'pnpm-workspace.yaml': JSON.stringify({ packages: [], overrides: ours }) });
      run(['pnpm', 'install', '--ignore-scripts'], folder);
      return plain;
    case 'yarn':
      write(forYarn, { 'yarn.lock': '' });
      installWithYarn(folder, 'node-modules');
      return plain;
    case 'yarn-pnp': {
      write(forYarn, { 'yarn.lock': '' });
      const yarn = installWithYarn(folder, 'pnp');
      return { ...plain, command: (bin) => [yarn, bin], script: (path) => [yarn, 'node', path] };
    }
  }
}

function installWithYarn(folder: string, linker: string): string {
  const yarn = installYarn();
  run([process.execPath, yarn, 'install'], folder, {
    ...ownRegistry(),
    YARN_NODE_LINKER: linker,
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    YARN_ENABLE_GLOBAL_CACHE: 'false',
    YARN_ENABLE_TELEMETRY: 'false',
    YARN_ENABLE_SCRIPTS: 'false',
  });
  return yarn;
}

/** The one that npm has been told of: Yarn has a registry of its own by default, and speaks to none without TLS. */
function ownRegistry(): Record<string, string> {
  const { stdout } = spawnSync('npm', ['config', 'get', 'registry'], { cwd: root, encoding: 'utf8' });
  const registry = stdout.trim();
  if (!URL.canParse(registry)) return {};
  const { protocol, hostname } = new URL(registry);
  return {
    YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
    ...(protocol === 'http:' && { YARN_UNSAFE_HTTP_WHITELIST: hostname }),
  };
}

function installYarn(): string {
  const folder = join(root, 'yarn');
  const path = join(folder, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    run(['npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', '@yarnpkg/cli-dist@4'], folder);
  }
  return path;
}

function run([command = '', ...args]: readonly string[], cwd: string, env = {}): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
}
