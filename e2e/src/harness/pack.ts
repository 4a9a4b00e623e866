import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { e2eFolder } from './runners.ts';

/** What this repository publishes of one folder of `packages`. */
export interface Packed {
  readonly name: string;
  /** Of the package in the repository. */
  readonly folder: string;
  readonly tarball: string;
  /** Paths of the files in it. */
  readonly files: readonly string[];
}

const packages = join(dirname(e2eFolder), 'packages');

/** Packs every package that is not private into the folder, as a release does. */
export function packAll(into: string): readonly Packed[] {
  const published = readdirSync(packages)
    .map((name) => join(packages, name))
    .filter((folder) => !readManifest(folder).private);
  const filters = published.flatMap((folder) => ['--filter', readManifest(folder).name]);
  const { status, stdout, stderr } = spawnSync(
    'pnpm',
    ['--recursive', ...filters, 'pack', '--json', '--pack-destination', into],
    { cwd: dirname(packages), encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(`pnpm pack ended with ${status}\n${stdout}${stderr}`);
  const told: readonly { name: string; filename: string; files: { path: string }[] }[] = JSON.parse(stdout);
  return published.map((folder) => {
    const { name } = readManifest(folder);
    const one = told.find((packed) => packed.name === name);
    if (one === undefined) throw new Error(`pnpm pack told nothing of ${name}\n${stdout}`);
    return { name, folder, tarball: one.filename, files: one.files.map(({ path }) => path) };
  });
}

/** As far as anything here asks for it. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Of a package in the repository or of one that was unpacked. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** The names by which the package's modules are imported, those of JSON files left out. */
export function entriesOf({ name, exports = {} }: Manifest): readonly string[] {
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([path]) => `${name}${path.slice(1)}`);
}
