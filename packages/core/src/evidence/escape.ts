/** Text inside an HTML element, as it is. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Text in a paragraph of Markdown, as it is: whatever could mean something to CommonMark, GFM or Buildkite's emoji is
 * written as a character reference, which means nothing but the character.
 */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(
    /[^\p{L}\p{N}\p{S}\p{M} ,()/-]|[$+<=>^`|~]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
}
