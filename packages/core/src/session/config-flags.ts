import type { RunnerName } from '../vocabulary.ts';

/** Options by which each runner is told where its configuration and its files are, long names first. */
const names: Readonly<Record<RunnerName, readonly (readonly string[])[]>> = {
  jest: [['--config', '-c'], ['--rootDir']],
  vitest: [['--config', '-c'], ['--root', '-r'], ['--dir']],
  playwright: [['--config', '-c']],
  'node-test': [['--import'], ['--require', '-r'], ['--conditions', '-C']],
};
const longestValue = 1000;

/** Of a runner's command line what a further run needs to find the same tests. */
export function configFlags(runner: RunnerName, argv: readonly string[]): string[] {
  return names[runner].flatMap((spellings) => {
    const value = optionValue(spellings, argv);
    return value === undefined || value.length > longestValue ? [] : [`${spellings[0]}=${value}`];
  });
}

/** The words that a runner was started with: those of node:test are Node's own. */
export function commandLineOf(
  runner: RunnerName,
  { argv, execArgv }: Pick<NodeJS.Process, 'argv' | 'execArgv'>,
): readonly string[] {
  return runner === 'node-test' ? execArgv : argv.slice(2);
}

function optionValue(spellings: readonly string[], argv: readonly string[]): string | undefined {
  for (const [at, word] of argv.entries()) {
    if (word === '--') return undefined;
    if (spellings.includes(word)) return argv[at + 1];
    const long = spellings.find((name) => word.startsWith(`${name}=`));
    if (long !== undefined) return word.slice(long.length + 1);
  }
  return undefined;
}
