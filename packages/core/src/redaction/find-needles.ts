/** Start and end of a match, in UTF-16 units. */
export type Range = readonly [start: number, end: number];

const space = String.raw`[\t\n\v\f\r ]+`;

/**
 * Where the needles are, overlapping matches joined and adjacent ones not. A line break in a needle stands for
 * any white space, because terminals and shells rewrite it. Needles neither begin nor end with white space.
 * Source: buildkite/agent internal/replacer/replacer.go.
 */
export function findNeedles(text: string, needles: readonly string[]): readonly Range[] {
  const found = new Ranges();
  let collapsed: Collapsed | undefined;
  for (const needle of needles) {
    if (needle.includes('\n')) {
      collapsed ??= collapse(text);
      findLines(text, collapsed, needle, found);
    } else {
      for (const at of occurrences(text, needle)) found.add(at, at + needle.length);
    }
  }
  return found.merged();
}

/** A text with one line break for each run of white space, and where each of its characters was. */
interface Collapsed {
  readonly text: string;
  readonly origins: Uint32Array;
}

function collapse(text: string): Collapsed {
  const origins = new Uint32Array(text.length + 1);
  let length = 0;
  let end = 0;
  for (const run of text.matchAll(new RegExp(space, 'g'))) {
    while (end < run.index) origins[length++] = end++;
    origins[length++] = run.index;
    end += run[0].length;
  }
  while (end <= text.length) origins[length++] = end++;
  return { text: text.replace(new RegExp(space, 'g'), '\n'), origins };
}

/**
 * With every run of white space collapsed on both sides, a needle is found wherever it may be; where it has white
 * space of its own within a line, that has to be the same.
 */
function findLines(text: string, collapsed: Collapsed, needle: string, found: Ranges): void {
  const wanted = needle.replace(new RegExp(space, 'g'), '\n');
  const lines = needle.split('\n');
  const hasInnerSpace = lines.some((line) => new RegExp(space).test(line));
  for (const at of occurrences(collapsed.text, wanted)) {
    const start = collapsed.origins[at] ?? 0;
    const isThere = !hasInnerSpace || standAt(text, start, lines);
    if (isThere) found.add(start, collapsed.origins[at + wanted.length] ?? text.length);
  }
}

/** Not by a regular expression: one of a long secret is too large, and the error that says so would show it. */
function standAt(text: string, start: number, lines: readonly string[]): boolean {
  let at = start;
  for (const [index, line] of lines.entries()) {
    if (index > 0) while (isSpace(text.charCodeAt(at))) at++;
    if (!text.startsWith(line, at)) return false;
    at += line.length;
  }
  return true;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** All occurrences, overlapping ones too, in linear time (Knuth, Morris, Pratt), which `indexOf` alone is not. */
function* occurrences(text: string, needle: string): Generator<number> {
  let borders: Uint32Array | undefined;
  let matched = 0;
  for (let at = text.indexOf(needle); at >= 0 && at < text.length; at++) {
    borders ??= borderLengths(needle);
    const code = text.charCodeAt(at);
    while (matched > 0 && needle.charCodeAt(matched) !== code) matched = borders[matched - 1] ?? 0;
    if (needle.charCodeAt(matched) === code) matched++;
    if (matched === needle.length) {
      yield at + 1 - matched;
      matched = borders[matched - 1] ?? 0;
    }
    if (matched === 0) {
      const next = text.indexOf(needle, at + 1);
      if (next < 0) return;
      at = next - 1;
    }
  }
}

/** For each beginning of the needle, how long a shorter beginning it ends with. */
function borderLengths(needle: string): Uint32Array {
  const borders = new Uint32Array(needle.length);
  let length = 0;
  for (let at = 1; at < needle.length; at++) {
    const code = needle.charCodeAt(at);
    while (length > 0 && needle.charCodeAt(length) !== code) length = borders[length - 1] ?? 0;
    if (needle.charCodeAt(length) === code) length++;
    borders[at] = length;
  }
  return borders;
}

/** Gathers ranges; a range that overlaps the one before it is joined at once, so that few are kept. */
class Ranges {
  readonly #ranges: [number, number][] = [];

  add(start: number, end: number): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && start >= last[0] && start < last[1]) last[1] = Math.max(last[1], end);
    else this.#ranges.push([start, end]);
  }

  merged(): readonly Range[] {
    const all = new Ranges();
    for (const [start, end] of this.#ranges.sort((a, b) => a[0] - b[0])) all.add(start, end);
    return all.#ranges;
  }
}
