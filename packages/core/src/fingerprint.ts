/**
 * A short text that stands for a long one within this process: 64 bits, so that no two of a million are alike by
 * chance. Keeps what is remembered of each failing test small; not for texts that somebody may choose to collide.
 */
export function fingerprint(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
    high ^= high >>> 13;
  }
  return `${(low >>> 0).toString(36)}.${(high >>> 0).toString(36)}`;
}
