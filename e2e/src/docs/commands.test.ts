import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { e2eFolder } from '../harness/runners.ts';
import { type Command, readCommands } from './commands.ts';
import { type Page, readPages, top } from './pages.ts';

const bins: Readonly<Record<string, string>> = {
  'promise-failure': 'packages/cli/bin/promise-failure.js',
  'promise-failure-simulator': 'packages/simulator/bin/promise-failure-simulator.js',
};

const helps = new Map<string, string>();

/** What a command's own `--help` says; nothing of a command that does not exist. */
function help(program: string, name: string): string {
  const key = `${program} ${name}`;
  const known = helps.get(key);
  if (known !== undefined) return known;
  const args = [join(top, bins[program] ?? ''), name, '--help'];
  const said = execFileSync(process.execPath, args, { encoding: 'utf8' });
  const text = said.startsWith(`Usage: ${key} `) ? said : '';
  helps.set(key, text);
  return text;
}

/** What is wrong with a command of ours, by its own help. */
function problemsOf({ words }: Pick<Command, 'words'>): readonly string[] {
  const [program = '', name = '', ...rest] = words;
  if (program === 'pnpm') return problemsOfScript([name, ...rest]);
  // The package's name alone.
  if (name === '' || name.startsWith('<')) return [];
  const text = help(program, name);
  if (text === '') return [`${program} has no ${name}`];
  const end = rest.indexOf('--');
  const flags = (end === -1 ? rest : rest.slice(0, end)).map((word) => word.replace(/^\[|\]$/g, ''));
  return flags.flatMap((flag, index) => problemOfFlag(flag, flags[index + 1], text));
}

function problemOfFlag(given: string, next: string | undefined, text: string): readonly string[] {
  if (!given.startsWith('-')) return [];
  const [flag = '', inline] = given.split('=');
  const row = new RegExp(`^ +(?:-\\w, )?${flag}( <[^>]*>)?(?: |$)[^]*?(?=^ +-|^\\S|^$|(?![^]))`, 'm').exec(
    text,
  );
  if (row === null) return [`there is no ${flag}`];
  if (row[1] === undefined) return inline === undefined ? [] : [`${flag} takes no value`];
  const value = inline ?? next;
  if (value === undefined || value.startsWith('-')) return [`${flag} takes a value`];
  const choices = /\(choices:([^)]*?)(?:default|\))/s.exec(row[0])?.[1];
  const isChosen = choices === undefined || value.startsWith('<') || choices.includes(`"${value}"`);
  return isChosen ? [] : [`${flag} takes${choices}`];
}

const builtIn = ['install', 'exec', 'add'];

function problemsOfScript(words: readonly string[]): readonly string[] {
  const isFiltered = words[0] === '--filter';
  const folder = join(top, isFiltered ? (words[1] ?? '') : '.');
  const [first = '', ...rest] = isFiltered ? words.slice(2) : words;
  const [name = '', ...args] = first === 'run' ? rest : [first, ...rest];
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!(name in scripts) && !builtIn.includes(name)) return [`there is no script ${name}`];
  return name === 'bench' ? problemsOfBench(args) : [];
}

let benchFolder: string | undefined;

/** The benchmark reads its arguments itself, and refuses what it does not know; with `--help` it does no more. */
function problemsOfBench(args: readonly string[]): readonly string[] {
  benchFolder ??= buildBench();
  const main = join(benchFolder, 'bench/main.js');
  try {
    const said = execFileSync(process.execPath, [main, ...args, '--help'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    const only = /--only ([\w|-]+)/.exec(said)?.[1]?.split('|') ?? [];
    const wanted = args[args.indexOf('--only') + 1] ?? '';
    return !args.includes('--only') || only.includes(wanted) ? [] : [`--only takes ${only.join(', ')}`];
  } catch (error) {
    return [(error as { stderr: string }).stderr];
  }
}

afterAll(() => {
  if (benchFolder !== undefined) rmSync(benchFolder, { recursive: true, force: true, maxRetries: 5 });
});

function buildBench(): string {
  mkdirSync(join(e2eFolder, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(e2eFolder, '.tmp', 'bench-'));
  const tsc = join(top, 'node_modules/typescript/bin/tsc');
  const args = [
    '-p',
    join(e2eFolder, 'tsconfig.json'),
    '--outDir',
    folder,
    '--tsBuildInfoFile',
    join(folder, 'info'),
  ];
  execFileSync(process.execPath, [tsc, ...args, '--noCheck'], { stdio: 'pipe' });
  return folder;
}

/** Where the flags of each command are told. */
const pagesOf: Readonly<Record<string, readonly string[]>> = {
  'promise-failure': ['packages/cli/README.md', 'docs/doctor.md', 'docs/measure.md'],
  'promise-failure-simulator': ['packages/simulator/README.md'],
};

/** The flags that a program's commands have by their own help. */
function flagsOf(program: string): readonly string[] {
  const list = execFileSync(process.execPath, [join(top, bins[program] ?? ''), '--help'], {
    encoding: 'utf8',
  });
  const names = [...(list.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)].map(
    ([, name = '']) => name,
  );
  const texts = names.filter((name) => !/^(help|simulate)$/.test(name) || program !== 'promise-failure');
  return texts.flatMap((name) =>
    [...help(program, name).matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag),
  );
}

const everywhere = ['--help', '--version'];

const madeUp = (text: string) => {
  const tokens = [{ type: 'code', lang: 'sh', text, raw: text }];
  return readCommands([{ path: '', text, tokens } as Page]).flatMap(problemsOf);
};

describe('the commands of the pages', { timeout: 120_000 }, () => {
  it('exist, with the flags that are given to them', () => {
    const commands = readCommands(readPages());
    const programs = new Set(commands.map(({ words }) => `${words[0]} ${words[1]}`));
    expect([...programs]).toEqual(
      expect.arrayContaining(['promise-failure watch', 'promise-failure-simulator run', 'pnpm bench']),
    );
    const problems = commands.flatMap((command) =>
      problemsOf(command).map((problem) => `${command.page}: ${command.text}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  it.each(Object.entries(pagesOf))('have all their flags told, and no others: %s', (program, paths) => {
    const pages = readPages().filter(({ path }) => paths.includes(path));
    const flags = flagsOf(program).filter((flag) => !everywhere.includes(flag));
    expect(flags.length).toBeGreaterThan(10);
    const text = pages.map((page) => page.text).join('\n');
    expect(flags.filter((flag) => !new RegExp(`${flag}(?![\\w-])`).test(text))).toEqual([]);
    const told = [...text.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag = '']) => flag);
    expect(told.filter((flag) => !flags.includes(flag))).toEqual([]);
  });

  it.each([
    ['npx promise-failure wach acme/shop', 'promise-failure has no wach'],
    ['FOO=1 promise-failure watch acme/shop --on-fail ./fix.sh', 'there is no --on-fail'],
    ['promise-failure watch acme/shop --json --until end', '--until takes'],
    ['promise-failure watch acme/shop --timeout', '--timeout takes a value'],
    ['npx promise-failure run --forgive -- npx jest --reporters=default', 'there is no --forgive'],
    ['promise-failure-simulator run pipeline.yml --expect red # or', '--expect takes'],
    ['npx -y pnpm@12 demos', 'there is no script demos'],
    ['pnpm --filter ./e2e run signal', 'there is no script signal'],
    ['pnpm test && npx -y pnpm@12 bench --onyl storm', "Unknown option '--onyl'"],
    ['pnpm bench --only gale', '--only takes green'],
  ])('are refused with a mistake: %s', (text, problem) => {
    expect(madeUp(text)).toEqual([expect.stringContaining(problem)]);
  });
});
