/**
 * A secret as it is searched for: its lines without white space around them, and without empty ones.
 * Source: buildkite/agent internal/replacer/replacer.go.
 */
export function normalizeNeedle(secret: string): string {
  return secret
    .split('\n')
    .map((line) => line.replace(/^\p{White_Space}+/u, '').replace(/\p{White_Space}+$/u, ''))
    .filter((line) => line !== '')
    .join('\n');
}

/** What Go's `strconv.Quote` makes of a text, without the quotes around it: the form in which Go prints values. */
export function quoteLikeGo(text: string): string {
  // Compiling the expression below takes milliseconds, on the way of every promise.
  if (/^[ !#-[\]-~]*$/.test(text)) return text;
  return text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    const short = shortEscapes[character];
    if (short !== undefined) return short;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${hex(code, 2)}`;
    return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  });
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}
