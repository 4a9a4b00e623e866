import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A runner of ours and the file that configures it. */
export interface RunnerConfig {
  readonly runner: 'jest' | 'vitest' | 'playwright';
  readonly file: string;
}

const endings = ['ts', 'js', 'mjs', 'cjs', 'mts', 'cts', 'json'];

/** The configurations of test runners in a folder. Vitest takes Vite's, if it has none of its own. */
export function findConfigs(folder: string): RunnerConfig[] {
  const find = (...stems: string[]) =>
    stems
      .flatMap((stem) => endings.map((ending) => join(folder, `${stem}.${ending}`)))
      .find((file) => existsSync(file));
  const manifest = readManifest(folder);
  const vite = manifest.uses('vitest') ? find('vitest.config', 'vite.config') : find('vitest.config');
  const jest = find('jest.config') ?? (manifest.has('jest') ? manifest.file : undefined);
  const playwright = find('playwright.config');
  return [
    ...(jest === undefined ? [] : [{ runner: 'jest' as const, file: jest }]),
    ...(vite === undefined ? [] : [{ runner: 'vitest' as const, file: vite }]),
    ...(playwright === undefined ? [] : [{ runner: 'playwright' as const, file: playwright }]),
  ];
}

function readManifest(folder: string) {
  const file = join(folder, 'package.json');
  let manifest: Record<string, unknown> = {};
  try {
    manifest = Object(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // None, or none that can be read: npm itself says so.
  }
  const groups = [manifest.dependencies, manifest.devDependencies].map(Object);
  return {
    file,
    has: (field: string) => field in manifest,
    uses: (name: string) => groups.some((group) => name in group),
  };
}
