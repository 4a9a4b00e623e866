import { util } from '../builtins.ts';

export type Redact = (text: string) => string;

/** Longest message shown, in characters and in lines. */
const messageLength = 1500;
const messageLines = 20;
/** Longest title shown, and longest text of any other kind. */
const titleLength = 300;

/** Characters that are looked at: what is shown, and the longest secret that may begin in it. */
const readLength = 512 * 1024;

/**
 * Colours go first: what a runner marks in the middle of a secret would hide it. Then secrets, and only then what is
 * too much, because half a secret is found by nobody.
 */
function clean(text: string, redact: Redact): string {
  const plain = util.stripVTControlCharacters(text.slice(0, readLength));
  return redact(redact(plain).replaceAll(/[^\P{Cc}\n\t]/gu, ''));
}

/** The first lines of a message. */
export function cleanMessage(text: string, redact: Redact): string {
  const lines = clean(text, redact)
    .split('\n')
    .map((line) => line.trimEnd());
  const shown = lines.slice(0, messageLines).join('\n').trim();
  const cut = shorten(shown, messageLength);
  return lines.length > messageLines && cut === shown ? `${cut}\n…` : cut;
}

/** A title on one line. */
export function cleanTitle(text: string, redact: Redact): string {
  return shorten(clean(text, redact).replaceAll(/\s+/g, ' ').trim(), titleLength);
}

/** A path or a name as it is, secrets excepted. */
export function cleanName(text: string, redact: Redact): string {
  return shorten(redact(text), 4096);
}

function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  // A character takes two places at most: one more than is shown tells that there are more.
  const characters = Array.from(text.slice(0, 2 * (length + 1)));
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
