import type { Threshold } from '../vocabulary.ts';
import type { MutedOption } from './options.ts';
import { parseThreshold } from './threshold.ts';

/** How the values of one kind are read; what comes from a variable is a text. */
export interface Kind<T> {
  /** What would be right, for the message that refuses a value. */
  readonly expected: string;
  /** The value, or `undefined` for one that is not of this kind. */
  read(value: unknown): T | undefined;
}

const yes = new Set(['true', '1', 't', 'yes', 'on']);
const no = new Set(['false', '0', 'f', 'no', 'off']);

export const flag: Kind<boolean> = {
  expected: 'true or false',
  read(value) {
    const word = String(value).trim().toLowerCase();
    return yes.has(word) ? true : no.has(word) ? false : undefined;
  },
};

export function whole(least: number, most: number): Kind<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    read(value) {
      const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
      const fits =
        typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most;
      return fits ? number : undefined;
    },
  };
}

export const text: Kind<string> = {
  expected: 'a text',
  read: (value) => (typeof value === 'string' ? value : undefined),
};

export function oneOf<T extends string>(...words: readonly T[]): Kind<T> {
  return {
    expected: words.map((word) => `'${word}'`).join(' or '),
    read: (value) => words.find((word) => word === value),
  };
}

export const threshold: Kind<Threshold> = {
  expected: "a whole number from 1, or a share such as '5%' (above 0%, at most 100%)",
  read: (value) =>
    typeof value === 'string' || typeof value === 'number' ? parseThreshold(value) : undefined,
};

export const mutedList: Kind<readonly MutedOption[]> = {
  expected: 'a list of patterns or of { scope, name }',
  read: (value) => (Array.isArray(value) && value.every(isMutedOption) ? value : undefined),
};

function isMutedOption(value: unknown): value is MutedOption {
  if (typeof value === 'string') return value !== '';
  if (typeof value !== 'object' || value === null) return false;
  const { scope, name } = value as Record<string, unknown>;
  return typeof scope === 'string' && typeof name === 'string';
}
