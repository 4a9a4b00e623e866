import type { Env } from './env.ts';

/** What options and environment come to; `problems` name what is wrong, and change nothing else. */
export interface OrderSettings {
  readonly isOn: boolean;
  readonly history: string | undefined;
  readonly base: string | undefined;
  readonly debug: boolean;
  readonly problems: readonly string[];
}

/** Options over environment. Never throws. */
export function readSettings(options: Readonly<Record<string, unknown>>, env: Env): OrderSettings {
  const problems: string[] = [];
  const text = (option: string, variable: string, expected: string) => {
    const value = options[option] ?? (env[variable] || undefined);
    if (value === undefined || typeof value === 'string') return value;
    problems.push(`${option} is ${JSON.stringify(value)}, expected ${expected}`);
    return undefined;
  };
  const value = options.order ?? (env.PROMISE_FAILURE_ORDER || 'off');
  if (value !== 'red-first' && value !== 'off') {
    const field = options.order === undefined ? 'PROMISE_FAILURE_ORDER' : 'order';
    problems.push(
      `${field} is ${JSON.stringify(value)}, expected 'off' or 'red-first': the runner's own order stays`,
    );
  }
  const history = text('history', 'PROMISE_FAILURE_HISTORY', 'the path of a file or a folder');
  const base = text('base', 'PROMISE_FAILURE_BASE', 'the name of a branch');
  const debug = options.debug === true || /^(true|1|t|yes|on)$/i.test(env.PROMISE_FAILURE_DEBUG ?? '');
  return { isOn: value === 'red-first', history, base, debug, problems };
}
