import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A runner of ours and the file that configures it. */
export interface RunnerConfig {
  readonly runner: 'jest' | 'vitest' | 'playwright' | 'node-test';
  readonly file: string;
}

const endings = ['ts', 'js', 'mjs', 'cjs', 'mts', 'cts', 'json'];

/** `node --test`, whatever flags stand between the two. */
const nodeTest = /\bnode\b[^&|;]*\s--test(?=\s|$)/;
const ownReporter = /--test-reporter[= ](\.{1,2}\/\S+)/;

/**
 * The configurations of test runners in a folder. Vitest takes Vite's, if it has none of its own; node:test has none, and
 * is told its reporters by the scripts that run it, or by a file that they name.
 */
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
    ...findNodeTest(folder, manifest),
  ];
}

function findNodeTest(folder: string, { file, scripts }: ReturnType<typeof readManifest>): RunnerConfig[] {
  const script = scripts.find((text) => nodeTest.test(text));
  if (script === undefined) return [];
  const [, own] = script.includes('@promise-failure/') ? [] : (ownReporter.exec(script) ?? []);
  return [{ runner: 'node-test', file: own === undefined ? file : join(folder, own) }];
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
    scripts: Object.values(Object(manifest.scripts)).map(String),
  };
}
