import { path } from '../builtins.ts';
import type { RunnerName } from '../vocabulary.ts';
import { escapeForRegExp } from './name-pattern.ts';
import type { ShownTest } from './part.ts';

/** What a command has to say beside the tests. */
export interface RerunSetup {
  readonly runner: RunnerName;
  /** Where the command is to be run: absolute. */
  readonly cwd: string;
  readonly flags: readonly string[];
}

export type RerunTest = Pick<ShownTest, 'file' | 'pattern' | 'project' | 'testLine' | 'sharesLine'>;

/**
 * Commands for a POSIX shell that run these tests again, and those of `files` as a whole. A command for each file where
 * tests are chosen by name: one name for all would choose its namesakes in the other files as well.
 */
export function rerunCommands(
  setup: RerunSetup,
  tests: readonly RerunTest[],
  files: readonly string[] = [],
): string[] {
  const whole = new Set(files);
  const chosen = tests.filter(({ file }) => !whole.has(file));
  const byRunner = {
    jest: jestCommands,
    vitest: vitestCommands,
    playwright: playwrightCommands,
    'node-test': nodeTestCommands,
  };
  return byRunner[setup.runner](setup, chosen, [...whole]).map((words) => words.map(quoteForShell).join(' '));
}

function jestCommands(setup: RerunSetup, ...chosen: Chosen): string[][] {
  const start = ['npx', 'jest', ...setup.flags, '--runTestsByPath'];
  return commandsByName(setup, start, (project) => ['--selectProjects', project], chosen);
}

function vitestCommands(setup: RerunSetup, ...chosen: Chosen): string[][] {
  const start = ['npx', 'vitest', 'run', ...setup.flags];
  return commandsByName(setup, start, (project) => [`--project=${project}`], chosen);
}

/** Tests, and files as a whole. */
type Chosen = [tests: readonly RerunTest[], files: readonly string[]];

function commandsByName(
  setup: RerunSetup,
  start: readonly string[],
  inProject: (name: string) => readonly string[],
  [tests, files]: Chosen,
): string[][] {
  const groups = groupBy(tests, ({ file, project }) => JSON.stringify([file, project]));
  const whole = files.length === 0 ? [] : [[...start, ...files.map((file) => below(setup, file))]];
  return [
    ...groups.map((group) => {
      const [{ file, project }] = group;
      const place = [below(setup, file), ...(project === null ? [] : inProject(project))];
      return [...start, ...place, '-t', anyName(group)];
    }),
    ...whole,
  ];
}

/**
 * Tests are chosen by where they begin; those that share their line with others, by their names as well, to which
 * Playwright adds tags. `./` looks like a path and is a regular expression that a folder's end must match.
 */
function playwrightCommands(setup: RerunSetup, ...[tests, files]: Chosen): string[][] {
  const start = ['npx', 'playwright', 'test', ...setup.flags];
  const project = (name: string | null) => (name === null ? [] : [`--project=${name}`]);
  const at = ({ file, testLine }: RerunTest) =>
    `${placeFor(setup, file)}${testLine === null ? '' : `:${testLine}`}`;
  const named = (test: RerunTest) => test.sharesLine || test.testLine === null;
  return [
    ...groupBy(
      tests.filter((test) => !named(test)),
      (test) => String(test.project),
    ).map((group) => [...start, ...new Set(group.map(at)), ...project(group[0].project)]),
    ...groupBy(tests.filter(named), (test) => JSON.stringify([at(test), test.project])).map((group) => [
      ...start,
      at(group[0]),
      ...project(group[0].project),
      ...['-g', ` (${group.map(({ pattern }) => pattern).join('|')})( @\\S+)*$`],
    ]),
    ...(files.length === 0 ? [] : [[...start, ...files.map((file) => placeFor(setup, file))]]),
  ];
}

/** Whole files: Node 20 knows a test by its own title alone, and no version finds one that another test makes. */
function nodeTestCommands(setup: RerunSetup, ...[tests, files]: Chosen): string[][] {
  const all = new Set([...tests.map(({ file }) => file), ...files]);
  if (all.size === 0) return [];
  return [['node', ...setup.flags, '--test', ...[...all].map((file) => asPattern(below(setup, file)))]];
}

/** Later versions than 20 read a pattern, in which nothing but a class takes a character for itself. */
function asPattern(place: string): string {
  const readsPatterns = Number(process.versions.node.split('.')[0]) > 20;
  return readsPatterns ? place.replaceAll(/[*?[\]{}()]/g, '[$&]') : place;
}

function anyName(tests: readonly RerunTest[]): string {
  const patterns = [...new Set(tests.map(({ pattern }) => pattern))];
  return patterns.length === 1 ? `^${patterns[0]}$` : `^(${patterns.join('|')})$`;
}

/** With `/` on every system. */
function below({ cwd }: RerunSetup, file: string): string {
  return path.relative(cwd, file).replaceAll('\\', '/');
}

function placeFor(setup: RerunSetup, file: string): string {
  const place = below(setup, file);
  // A dot stands for any character, itself among them, and is left for people to read.
  const escaped = escapeForRegExp(place).replaceAll('\\.', '.');
  return place.startsWith('../') ? escaped : `./${escaped}`;
}

type NotEmpty<T> = readonly [T, ...T[]];

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): NotEmpty<T>[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** As it is where a shell reads it so, else in single quotes. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
