import type { Circus } from '@jest/types';
import { followEvents, type Handler } from './follow-events.ts';
import { followState } from './follow-state.ts';

/**
 * Follows the tests of one file, of whose sandbox this is the global object, and appends a line to `path` for each
 * attempt after which its test will not run again; nothing while no such attempt fails.
 */
export function follow(sandbox: object, path: string): void {
  const handlers: unknown = Reflect.get(sandbox, Symbol.for('EVENT_HANDLERS'));
  if (Array.isArray(handlers)) {
    followEvents(sandbox, handlers as Handler[], path);
    return;
  }
  const symbols = Object.getOwnPropertySymbols(sandbox);
  const symbol = symbols.find(({ description }) => description === 'JEST_STATE_SYMBOL');
  if (symbol !== undefined) followState(sandbox, Reflect.get(sandbox, symbol) as Circus.State, path);
}
