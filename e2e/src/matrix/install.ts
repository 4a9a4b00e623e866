import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ConfiguredRunner, e2eFolder } from '../harness/runners.ts';

const versionsFolder = join(e2eFolder, '.versions');

/** Installs the packages once, with our reporter beside them, and returns the folder that holds them. */
export function installRunner(runner: ConfiguredRunner, label: string, packages: readonly string[]): string {
  const folder = install(`${runner}-${label}`, packages);
  const link = join(folder, 'node_modules', '@promise-failure', runner);
  mkdirSync(dirname(link), { recursive: true });
  if (!existsSync(link)) symlinkSync(join(dirname(e2eFolder), 'packages', runner), link, 'dir');
  return folder;
}

/** Installs a version of Node.js once and returns the path of its binary. */
export function installNode(version: string): string {
  return join(install(`node-${version}`, [`node@${version}`]), 'node_modules', 'node', 'bin', 'node');
}

function install(name: string, packages: readonly string[]): string {
  const folder = join(versionsFolder, name);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const { status } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=5', ...packages],
    {
      cwd: folder,
      stdio: 'inherit',
    },
  );
  if (status !== 0) throw new Error(`npm could not install ${packages.join(' ')}`);
  writeFileSync(done, '');
  return folder;
}
