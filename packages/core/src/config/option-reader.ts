import type { Env } from '../env.ts';
import type { RunnerName } from '../vocabulary.ts';
import type { Kind } from './kinds.ts';
import {
  type OptionName,
  type OptionRow,
  type OptionValues,
  optionNames,
  optionsOf,
  optionTable,
} from './option-table.ts';

/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** The option or variable, as the user wrote it. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

/** Reads one value after another, the option before its variable, and gathers what is wrong with them. */
export class OptionReader {
  readonly #problems = new Map<string, ConfigProblem>();
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #env: Env;

  constructor(options: object, env: Env) {
    this.#options = options as Readonly<Record<string, unknown>>;
    this.#env = env;
  }

  get problems(): readonly ConfigProblem[] {
    return [...this.#problems.values()];
  }

  /** The option if it is there, else its variable, else the default, which also stands for what is wrong. */
  option<N extends OptionName>(name: N): OptionValues[N] {
    const row: OptionRow<unknown> = optionTable[name];
    const chosen = this.#options[name];
    const read =
      chosen === undefined && row.variable !== undefined
        ? this.variable(row.variable, row.kind)
        : this.#take(name, chosen, row.kind);
    return (read ?? row.default) as OptionValues[N];
  }

  all(): OptionValues {
    return Object.fromEntries(optionNames.map((name) => [name, this.option(name)])) as OptionValues;
  }

  /** An empty variable counts as unset. */
  variable<T>(name: string, kind: Kind<T>): T | undefined {
    return this.#take(name, this.#env[name] || undefined, kind);
  }

  /** A misspelt option is not ignored: what it was meant to prevent would happen. */
  refuseUnknown(runner: RunnerName): void {
    const known: readonly string[] = optionsOf(runner);
    for (const [field, value] of Object.entries(this.#options)) {
      if (known.includes(field)) continue;
      this.#refuse(field, value, `one of the reporter's options; did you mean ${nearest(field, known)}?`);
    }
  }

  #take<T>(field: string, value: unknown, kind: Kind<T>): T | undefined {
    if (value === undefined) return undefined;
    const read = kind.read(value);
    if (read === undefined) this.#refuse(field, value, kind.expected);
    return read;
  }

  #refuse(field: string, value: unknown, expected: string): void {
    this.#problems.set(field, { field, found: JSON.stringify(value) ?? String(value), expected });
  }
}

/** Loaded where something is wrong, and not before. */
function nearest(name: string, known: readonly string[]): string {
  const load = process.getBuiltinModule('node:module').createRequire(import.meta.url);
  const { closest } = load('fastest-levenshtein') as typeof import('fastest-levenshtein');
  return closest(name, known);
}
