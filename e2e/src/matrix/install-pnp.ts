import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ConfiguredRunner, e2eFolder, runners } from '../harness/runners.ts';

/** Outside of the repository, whose own lockfile and workspace Yarn would take for the project's. */
const root = join(tmpdir(), 'promise-failure-pnp');

/** A project under Yarn's Plug'n'Play: the runner, and our packages as they are published. */
export function installPnp(
  runner: ConfiguredRunner,
  packages: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): { readonly folder: string; readonly yarn: readonly string[] } {
  const folder = join(
    root,
    `${runner}-${process.pid}-${Object.values(packages)
      .join('-')
      .replace(/[^\w.-]/g, '')}`,
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const ours = pack(folder);
  const { configFile, config, reporters } = runners[runner];
  const list = [...reporters, [`@promise-failure/${runner}`, {}]];
  const written = {
    'package.json': JSON.stringify({
      ...{ private: true, dependencies: { ...packages, [`@promise-failure/${runner}`]: ours[runner] } },
      resolutions: Object.fromEntries(
        Object.entries(ours).map(([name, file]) => [`@promise-failure/${name}`, file]),
      ),
    }),
    'yarn.lock': '',
    [configFile]: `const reporters = ${JSON.stringify(list)};\n${config('{}')}`,
    ...files,
  };
  for (const [path, content] of Object.entries(written)) writeFileSync(join(folder, path), content);
  const yarn = [process.execPath, installYarn()];
  run(yarn, ['install'], folder, {
    ...ownRegistry(),
    YARN_NODE_LINKER: 'pnp',
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    YARN_ENABLE_GLOBAL_CACHE: 'false',
    YARN_ENABLE_TELEMETRY: 'false',
    YARN_ENABLE_SCRIPTS: 'false',
  });
  return { folder, yarn };
}

/** Where each of our packages was packed, as a package manager takes it. */
function pack(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ['core', 'order', 'jest', 'vitest', 'playwright']) {
    const to = join(folder, 'packed', name);
    mkdirSync(to, { recursive: true });
    run(['pnpm'], ['pack', '--pack-destination', to], join(dirname(e2eFolder), 'packages', name));
    const [file = ''] = readdirSync(to);
    found[name] = `file:./packed/${name}/${file}`;
  }
  return found;
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
    run(['npm'], ['install', '--prefix', folder, '--no-audit', '--no-fund', '@yarnpkg/cli-dist@4'], folder);
  }
  return path;
}

function run(
  [command = '', ...first]: readonly string[],
  args: readonly string[],
  cwd: string,
  env = {},
): void {
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
}
