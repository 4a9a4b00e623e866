import type { Env } from '../env.ts';
import { OptionReader } from './option-reader.ts';
import type { Settle } from './options.ts';

/**
 * When a failure stands, by the `settle` option, else its variable, else after the last attempt. What is wrong waits
 * for the file; the session tells of it.
 */
export function readSettle(option: unknown, env: Env): Settle {
  const read = new OptionReader({ settle: option }, env);
  const settle = read.option('settle');
  return read.problems.length === 0 ? settle : 'file';
}
