import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import type { ConfiguredRunner } from '../../harness/runners.ts';
import { type Fault, resultOf } from './faults.ts';
import type { Fn, Source, Suite, TestFile } from './suite.ts';

/** How a test spends its time: asleep, so that many runs fit beside each other, or at work. */
export type Spending = 'asleep' | 'at work';

/** Turns of an empty loop that take some ten milliseconds. */
const turnsPerMs = 600_000;

const testEndings: Readonly<Record<ConfiguredRunner, string>> = {
  jest: 'test.cjs',
  vitest: 'test.mjs',
  playwright: 'spec.mjs',
};

export function writeSuite(dir: string, runner: ConfiguredRunner, suite: Suite, spending: Spending): void {
  for (const source of suite.sources) writeSource(dir, runner, source);
  for (const test of suite.tests) {
    write(join(dir, testPath(runner, test)), testText(runner, test, spending));
  }
}

export function writeFault(dir: string, runner: ConfiguredRunner, { source, fn }: Fault): void {
  const functions = source.functions.map((one) => (one === fn ? { ...fn, own: fn.own + 1 } : one));
  writeSource(dir, runner, { ...source, functions });
}

/** A change that breaks nothing. */
export function touchSource(dir: string, runner: ConfiguredRunner, source: Source): void {
  writeSource(dir, runner, source, '// A remark.\n');
}

function testPath(runner: ConfiguredRunner, { path }: TestFile): string {
  return `${path}.${testEndings[runner]}`;
}

function writeSource(dir: string, runner: ConfiguredRunner, source: Source, head = ''): void {
  const isCommonJs = runner === 'jest';
  const from = dirname(source.path);
  const names = new Map(source.imports.map((other, at) => [other, `m${at}`]));
  const imports = [...names].map(([other, name]) => importText(runner, name, from, other));
  const functions = source.functions.map((fn) => {
    const sum = [fn.own, ...fn.calls.map((call) => `${names.get(call.source)}.${call.fn.name}()`)].join(
      ' + ',
    );
    return isCommonJs ? `exports.${fn.name} = () => ${sum};\n` : `export const ${fn.name} = () => ${sum};\n`;
  });
  write(join(dir, `${source.path}.${extensionOf(runner)}`), [head, ...imports, ...functions].join(''));
}

function testText(runner: ConfiguredRunner, file: TestFile, spending: Spending): string {
  const from = dirname(file.path);
  const names = new Map<Source, string>();
  for (const { checks } of file.tests) {
    if (!names.has(checks.source)) names.set(checks.source, `s${names.size}`);
  }
  const api = {
    jest: '',
    vitest: `import { expect, test } from 'vitest';\n`,
    playwright: `import { expect, test } from '@playwright/test';\n`,
  };
  const imports = [...names].map(([source, name]) => importText(runner, name, from, source));
  const tests = file.tests.map(({ checks, ms }, at) => {
    const result = `${names.get(checks.source)}.${checks.fn.name}()`;
    const title = `${checks.fn.name}, case ${at}`;
    return `test('${title}', async () => { ${spend(spending, ms)} expect(${result}).toBe(${resultOf(checks.fn as Fn)}); });\n`;
  });
  const filler = `// ${'.'.repeat(60)}\n`.repeat(file.filler);
  return [api[runner], ...imports, ...tests, filler].join('');
}

function spend(spending: Spending, ms: number): string {
  if (spending === 'asleep') return `await new Promise((r) => setTimeout(r, ${ms}));`;
  return `for (let i = 0, sum = 0; i < ${ms * turnsPerMs}; i++) sum += i % 7;`;
}

function importText(runner: ConfiguredRunner, name: string, from: string, { path }: Source): string {
  const way = relative(from, path);
  const specifier = `${way.startsWith('.') ? way : `./${way}`}.${extensionOf(runner)}`;
  return runner === 'jest'
    ? `const ${name} = require('${specifier}');\n`
    : `import * as ${name} from '${specifier}';\n`;
}

function extensionOf(runner: ConfiguredRunner): string {
  return runner === 'jest' ? 'cjs' : 'mjs';
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
