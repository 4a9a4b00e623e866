import type { MutedOption } from '../config/options.ts';
import type { MutedTarget } from './source.ts';

/** An entry as people write it, read and checked. */
export interface WrittenEntry {
  readonly target: MutedTarget;
  readonly owner?: string;
  readonly reason?: string;
  /** Last day on which the entry counts, `YYYY-MM-DD`. */
  readonly until?: string;
}

/** What is wrong with a field; `field` is `undefined` for the entry itself. */
export type RefuseField = (field: string | undefined, found: unknown, expected: string) => void;

const known = ['scope', 'name', 'file', 'owner', 'reason', 'until'] as const;

/** Reads one entry of a file: a title pattern, or fields. Calls `refuse` for each problem; then there is none. */
export function readEntry(value: unknown, refuse: RefuseField): WrittenEntry | undefined {
  if (typeof value === 'string' && value.trim() !== '') return { target: targetOf(value) };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(undefined, value, 'a title, or scope and name');
    return undefined;
  }
  return readFields(value as Record<string, unknown>, refuse);
}

/** What an entry covers, written as an option or in a file. */
export function targetOf(entry: MutedOption): MutedTarget {
  return typeof entry === 'string' ? { type: 'title', pattern: entry } : { type: 'fields', ...entry };
}

function readFields(value: Record<string, unknown>, refuse: RefuseField): WrittenEntry | undefined {
  let sound = true;
  const check = (field: string, good: boolean, expected: string) => {
    if (good) return;
    sound = false;
    refuse(field, value[field], expected);
  };
  for (const field of Object.keys(value)) {
    check(field, (known as readonly string[]).includes(field), `one of the fields ${known.join(', ')}`);
  }
  const { scope, name, until } = value;
  check('scope', typeof scope === 'string', "a text ('' for a test outside any describe, '*' for any)");
  check('name', typeof name === 'string' && name !== '', 'a text');
  for (const field of ['file', 'owner', 'reason'] as const) {
    check(field, value[field] === undefined || typeof value[field] === 'string', 'a text');
  }
  check('until', until === undefined || isDay(until), 'a day such as 2026-12-31');
  if (!sound) return undefined;

  const { file, ...rest } = value as { scope: string; name: string } & Record<string, string>;
  const target = targetOf({ scope: rest.scope, name: rest.name, ...(file === undefined ? {} : { file }) });
  const { owner, reason } = rest;
  return {
    target,
    ...(owner === undefined ? {} : { owner }),
    ...(reason === undefined ? {} : { reason }),
    ...(rest.until === undefined ? {} : { until: rest.until }),
  };
}

/** A day that exists: `2026-02-30` is none, though `Date` would take it for the 2nd of March. */
function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
