/**
 * A secret as it is searched for: its lines without white space around them, and without empty ones.
 * Source: buildkite/agent internal/replacer/replacer.go.
 */
export function normalizeNeedle(secret: string): string {
  return secret
    .split('\n')
    .map(trim)
    .filter((line) => line !== '')
    .join('\n');
}

/**
 * As Go's `strings.TrimSpace`, whose white space is a little other than JavaScript's. From both ends and no further: a
 * regular expression for the end of a line tries every run of white space inside it, and all its beginnings.
 */
function trim(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && isSpace(line.charCodeAt(start))) start++;
  while (end > start && isSpace(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

/** The characters of Unicode's property White_Space. */
function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return code === 0x85 || (code !== 0xfeff && String.fromCharCode(code).trim() === '');
}

/** Not a literal: to read one with classes of characters takes milliseconds, on the way of every promise. */
function unicode(source: string): RegExp {
  return new RegExp(source, 'gu');
}

/** What Go's `strconv.Quote` makes of a text, without the quotes around it: the form in which Go prints values. */
export function quoteLikeGo(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return text;
  return text.replace(unicode('["\\\\]|[^\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]'), (character) => {
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
