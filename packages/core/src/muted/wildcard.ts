/**
 * True if `text` is `pattern`, where each `*` in the pattern stands for any text, also none.
 * Titles are not paths: `/`, `.`, brackets and braces mean themselves, which no glob library offers.
 * Takes time in proportion to the lengths, whatever the pattern.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}

/** White space as one space, none at the ends: what a person does not see does not tell two scopes apart. */
export function collapseSpaces(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
