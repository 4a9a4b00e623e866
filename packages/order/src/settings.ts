import type { Env } from './env.ts';

/** Options of the order, the same for all runners. */
export interface OrderOptions {
  /** `'red-first'` runs first what will probably fail. @default the runner's own order (`PROMISE_FAILURE_ORDER`) */
  readonly order?: 'red-first';
  /** File (`.json`) or folder that remembers failures from build to build. @default none (`PROMISE_FAILURE_HISTORY`) */
  readonly history?: string;
  /** Branch that changes are measured against. @default that of the pull request, else the pipeline's (`PROMISE_FAILURE_BASE`) */
  readonly base?: string;
}

/** What options and environment come to; `problems` name what is wrong, and change nothing else. */
export interface OrderSettings {
  readonly isOn: boolean;
  readonly history: string | undefined;
  readonly base: string | undefined;
  readonly debug: boolean;
  readonly problems: readonly string[];
}

const off = new Set(['false', '0', 'f', 'no', 'off']);

/** Options over environment, except that `PROMISE_FAILURE_ORDER=off` always wins. Never throws. */
export function readSettings(options: Readonly<Record<string, unknown>>, env: Env): OrderSettings {
  const problems: string[] = [];
  const text = (option: string, variable: string, expected: string) => {
    const value = options[option] ?? (env[variable] || undefined);
    if (value === undefined || typeof value === 'string') return value;
    problems.push(`${option} is ${JSON.stringify(value)}, expected ${expected}`);
    return undefined;
  };
  const isOff = off.has((env.PROMISE_FAILURE_ORDER ?? '').trim().toLowerCase());
  const value = isOff ? undefined : (options.order ?? (env.PROMISE_FAILURE_ORDER || undefined));
  if (value !== undefined && value !== 'red-first') {
    const field = options.order === undefined ? 'PROMISE_FAILURE_ORDER' : 'order';
    problems.push(`${field} is ${JSON.stringify(value)}, expected 'red-first': the runner's own order stays`);
  }
  const history = text('history', 'PROMISE_FAILURE_HISTORY', 'the path of a file or a folder');
  const base = text('base', 'PROMISE_FAILURE_BASE', 'the name of a branch');
  const debug = options.debug === true || /^(true|1|t|yes|on)$/i.test(env.PROMISE_FAILURE_DEBUG ?? '');
  return { isOn: value === 'red-first', history, base, debug, problems };
}
