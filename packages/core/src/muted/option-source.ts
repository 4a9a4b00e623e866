import type { MutedOption } from '../config/options.ts';
import { targetOf } from './entry-fields.ts';
import type { MutedSource } from './source.ts';

/** Muted tests named in the reporter's own options. */
export function createOptionSource(muted: readonly MutedOption[]): MutedSource {
  return {
    name: 'the muted option',
    load: () =>
      Promise.resolve(muted.map((entry, index) => ({ target: targetOf(entry), origin: `muted[${index}]` }))),
  };
}
