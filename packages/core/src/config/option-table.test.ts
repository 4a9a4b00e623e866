import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type OptionName, optionNames, optionsOf, optionTable } from './option-table.ts';
import type { PromiseFailureOptions } from './options.ts';

const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

/** The rows of the table of options in a README, each as its cells; the switch, which is no option, left out. */
function tableIn(path: string): string[][] {
  const rows = read(path).split('\n');
  const start = rows.findIndex((row) => /^\| Option +\| Variable/.test(row));
  const end = rows.findIndex((row, at) => at > start && !row.startsWith('|'));
  const cells = rows.slice(start + 2, end).map((row) => row.split('|').slice(1, -1));
  return cells.map((row) => row.map((cell) => cell.trim())).filter(([name]) => name !== '');
}

const rowOf = (name: OptionName) => {
  const { variable, shown, meaning } = optionTable[name];
  return [`\`${name}\``, variable ? `\`${variable}\`` : '', shown, meaning];
};
const isCommon = (name: OptionName) => optionTable[name].runners === undefined;

describe('the table of options', () => {
  it('has a row for each option that a reporter takes, and no other', () => {
    expectTypeOf<OptionName>().toEqualTypeOf<keyof PromiseFailureOptions | 'settle'>();
  });

  it('is the table of the README', () => {
    expect(tableIn('README.md')).toEqual(optionNames.filter(isCommon).map(rowOf));
  });

  it.each(['jest', 'vitest'] as const)(
    'is the table of the reporter for %s, its own options only',
    (runner) => {
      const own = optionsOf(runner).filter((name) => !isCommon(name));
      expect(own).not.toEqual([]);
      expect(tableIn(`packages/${runner}/README.md`)).toEqual(own.map(rowOf));
    },
  );

  it.each(optionNames.filter(isCommon))('agrees with the docblock of %s', (name) => {
    const source = read('packages/core/src/config/options.ts');
    const docblock =
      source
        .slice(0, source.indexOf(`  readonly ${name}?:`))
        .split('/**')
        .at(-1) ?? '';
    const variable = optionTable[name].variable;
    if (variable !== undefined) expect(docblock).toContain(`(\`${variable}\`)`);
    expect(docblock).toContain('@default ');
  });
});
