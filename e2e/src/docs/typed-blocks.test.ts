import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { e2eFolder } from '../harness/runners.ts';
import { readCodeBlocks, top } from './pages.ts';
import { ours, type TypedFile, typedFiles } from './typed-blocks.ts';

const strict = { strict: true, exactOptionalPropertyTypes: true };
// A script without types is checked for names and shapes, not for what may be undefined.
const loose = { strict: false, allowJs: true, checkJs: true };

/** What the compiler says of these files in a reader's project: nothing, if all is well. */
function compile(files: readonly TypedFile[]): string {
  mkdirSync(join(e2eFolder, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(e2eFolder, '.tmp', 'docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const { name, text } of [...ours, ...files]) writeFileSync(join(folder, name), text);
  const said = [strict, loose].map((how) => {
    const scripts = files.filter(({ name }) => name.endsWith('ts') === how.strict);
    const config = {
      compilerOptions: {
        ...{ ...how, target: 'ES2023', module: 'NodeNext', types: ['node'], lib: ['ES2023', 'DOM'] },
        ...{ noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true },
        // A reader has one Vitest; for its peers' sake pnpm has two of them here.
        paths: { 'vitest/config': [join(top, 'packages/vitest/node_modules/vitest/config.d.ts')] },
      },
      files: [...ours, ...scripts].map(({ name }) => name),
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    return tsc(folder);
  });
  return said.join('');
}

function tsc(folder: string): string {
  try {
    const bin = join(top, 'node_modules/typescript/bin/tsc');
    return execFileSync(process.execPath, [bin, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

const mistakes = [
  ['js', 'reporter', "// jest.config.js\nmodule.exports = {\n  reporter: ['default'],\n};\n"],
  ['js', 'treshold', "// jest.config.js\nreporters: [['@promise-failure/jest', { treshold: 3 }]],\n"],
  ['js', 'promise-failure/jets', "// jest.config.js\nreporters: ['default', '@promise-failure/jets'],\n"],
  [
    'ts',
    'fil',
    "// vitest.config.ts\ntest: { reporters: [['@promise-failure/vitest', { settle: 'fil' }]] },\n",
  ],
  ['ts', 'reporter', "// vitest.config.ts\ntest: { reporter: ['default'] },\n"],
  [
    'ts',
    'settle',
    "// playwright.config.ts\nreporter: [['@promise-failure/playwright', { settle: 'file' }]],\n",
  ],
  ['ts', 'retry', '// playwright.config.ts\nretry: 2,\n'],
  [
    'ts',
    'createRunner',
    "import { createRunner } from '@promise-failure/build-runner';\ncreateRunner({ token: '' });\n",
  ],
  [
    'js',
    'mocha',
    "import { createSession } from '@promise-failure/core';\ncreateSession({ runner: 'mocha' });\n",
  ],
  ['js', 'sesion', 'const session = 1;\nconsole.log(sesion);\n'],
] as const;

describe('the scripts of the pages', { timeout: 120_000 }, () => {
  it('have the types of the runners and of our packages', () => {
    const scripts = readCodeBlocks().filter(({ language }) => language === 'js' || language === 'ts');
    expect(scripts.length).toBeGreaterThan(15);
    expect(compile(scripts.flatMap(typedFiles))).toBe('');
  });

  it('are refused with a mistake', () => {
    const blocks = mistakes.map(([language, , text], index) => ({
      name: `mistake ${index}.`,
      page: '',
      language,
      text,
    }));
    const said = compile(blocks.flatMap(typedFiles)).split(/^(?=\S)/m);
    mistakes.forEach(([, mistake, text], index) => {
      const lines = said.filter((line) => line.includes(`mistake_${index}_`));
      expect(lines.join(''), text).toContain(mistake);
    });
  });
});
