import type { Redact } from './clean-text.ts';

/** Longest part of a name that goes into a pattern; a longer name is matched by its beginning. */
const mostCharacters = 500;
const redacted = '[REDACTED]';

/** A regular expression for the full name of a test, and for few others: what is redacted may be anything. */
export function namePattern(fullName: string, redact: Redact): string {
  const name = redact(fullName);
  const isWhole = name.length <= mostCharacters;
  const parts = (isWhole ? name : name.slice(0, mostCharacters)).split(redacted);
  return `${parts.map(escapeForRegExp).join('.*')}${isWhole ? '' : '.*'}`;
}

/** Control characters are written out, so that a command stays on one line. */
export function escapeForRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(/\p{Cc}/gu, (character) => {
    const code = character.charCodeAt(0);
    return `\\x${code.toString(16).padStart(2, '0')}`;
  });
}
