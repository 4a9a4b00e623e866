import { util } from '../builtins.ts';
import type { RunError, TestIdentity } from '../vocabulary.ts';

/** Longest reason sent, in characters: enough for two or three test names, short enough for one line. */
export const maxReasonLength = 240;

/**
 * The reason in the form Buildkite's own client uses, with the names people look for:
 * `test_failure (1 failed after retries: Checkout > pays by card)`.
 * Each name is redacted before it is shortened: half a secret is a leak that no redactor finds any more.
 */
export function describeFailures(
  tests: readonly TestIdentity[],
  runErrors: readonly RunError[],
  count: number,
  redact: (text: string) => string,
): string {
  const names = [...tests.map(joinTitles), ...runErrors.map(describeRunError)];
  const head =
    tests.length > 0 ? `test_failure (${count} failed after retries` : `run_error (${count} failed`;
  const listed: string[] = [];
  let room = maxReasonLength - head.length - 24;
  for (const name of names) {
    const short = shorten(oneLine(redact(name)), Math.max(room, listed.length === 0 ? 40 : 0));
    if (short === '' || (listed.length > 0 && short.length + 2 > room)) break;
    listed.push(short);
    room -= short.length + 2;
  }
  const more = count - listed.length;
  const tail = listed.length === 0 ? '' : `: ${listed.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
  return `${head}${tail})`;
}

/** `Checkout > pays by card`, redacted, on one line. */
export function displayName(test: TestIdentity, redact: (text: string) => string): string {
  return oneLine(redact(joinTitles(test)));
}

function joinTitles(test: TestIdentity): string {
  return test.titlePath.filter((title) => title !== '').join(' > ');
}

function describeRunError(error: RunError): string {
  const where = error.where === undefined ? '' : `${error.where}: `;
  return `${where}${error.message}`;
}

export function oneLine(text: string): string {
  return util
    .stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

function shorten(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}
