const item = String.raw`(?:\\[^]|[^\\\]\-])`;
const token = String.raw`\\[^]|\[(?:\^|(?!\^))(?:${item}(?:-${item})?)+\]|[^\\[]`;
const wellFormed = new RegExp(`^(?:${token})*$`, 'u');

/**
 * Go's `path.Match` for whole names: `*` and `?` do not cross `/`, `[a-z]`, `[^a-z]`, and `\` escapes. Shell
 * globbing means other things by `[!a]`, `{}`, `()` and `**`, so no glob library says the same.
 * `undefined` for a malformed pattern. Source: golang/go src/path/match.go.
 */
export function compileGoPattern(pattern: string): ((name: string) => boolean) | undefined {
  // As most are. To compile the expressions below takes longer than all that comes after, on the way of a promise.
  const simple = /^(\*?)(\w+)$/.exec(pattern);
  if (simple !== null) return matchEnd(simple[2] ?? '', simple[1] === '*');
  if (!wellFormed.test(pattern)) return undefined;
  const chunks = [''];
  for (const part of pattern.match(new RegExp(token, 'gu')) ?? []) {
    if (part === '*') chunks.push('');
    else chunks.push(`${chunks.pop()}${toSource(part)}`);
  }
  const whole = new RegExp(`^${chunks.map(joinChunk).join('')}$`, 'u');
  return (name) => whole.test(name);
}

function matchEnd(end: string, star: boolean): (name: string) => boolean {
  return (name) => (star ? name.endsWith(end) && !name.slice(0, -end.length).includes('/') : name === end);
}

/**
 * A chunk between stars is taken where it is found first and never looked for again, as in Go: the group in the
 * lookahead holds on to it, which keeps a pattern with many stars from trying every combination.
 */
function joinChunk(chunk: string, index: number, chunks: readonly string[]): string {
  if (index === 0) return chunk;
  return index === chunks.length - 1 ? `[^/]*${chunk}` : `(?=([^/]*?${chunk}))\\${index}`;
}

function toSource(part: string): string {
  if (part === '?') return '[^/]';
  if (!part.startsWith('[')) return toLiteral(part);
  const negated = part.startsWith('[^');
  const ranges = part.slice(negated ? 2 : 1, -1).matchAll(new RegExp(`(${item})(?:-(${item}))?`, 'gu'));
  return `(?${negated ? '!' : '='}[${[...ranges].map(toRange).join('')}])[^]`;
}

/** A range whose ends are the wrong way round matches nothing in Go, and is an error in JavaScript. */
function toRange([, low = '', high = low]: RegExpExecArray): string {
  return toCodePoint(low) <= toCodePoint(high) ? `${toLiteral(low)}-${toLiteral(high)}` : '';
}

function toLiteral(part: string): string {
  return `\\u{${toCodePoint(part).toString(16)}}`;
}

function toCodePoint(part: string): number {
  return (part.length > 1 && part.startsWith('\\') ? part.slice(1) : part).codePointAt(0) ?? 0;
}
