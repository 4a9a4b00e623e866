// biome-ignore lint/suspicious/noControlCharactersInRegex: the agent writes its marks as an escape sequence
const mark = /\x1b_bk;t=(\d+)\x07/g;

/** The text without the agent's marks of time, which no reader is to see. */
export function withoutMarks(text: string): string {
  return text.replace(mark, '');
}

/** Milliseconds since the epoch of the first mark in the text; undefined if there is none. */
export function timeOf(text: string): number | undefined {
  const at = text.matchAll(mark).next().value?.[1];
  return at === undefined ? undefined : Number(at);
}
