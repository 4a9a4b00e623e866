import { AnsiUp } from 'ansi_up';
import { withoutMarks } from './marks.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: Buildkite's links and images are escape sequences
const link = /\x1b\](?:1338|1339);([^\x07]*)\x07/g;

/**
 * A log as HTML: its colours as spans with classes, Buildkite's links and images as links, and of a line that was
 * written over what it came to. Source: buildkite/docs pages/pipelines/configure/links_and_images_in_log_output.md.
 */
export function logHtml(log: Buffer): string {
  const writer = new AnsiUp();
  writer.use_classes = true;
  const text = written(withoutMarks(log.toString('utf8')));
  let html = '';
  let end = 0;
  for (const match of text.matchAll(link)) {
    html += writer.ansi_to_html(text.slice(end, match.index)) + anchor(match[1] ?? '');
    end = match.index + match[0].length;
  }
  return html + writer.ansi_to_html(text.slice(end));
}

function written(text: string): string {
  return text.replace(/\r+\n/g, '\n').replace(/^.*\r(?=[^\n])/gm, '');
}

function anchor(members: string): string {
  const {
    url = '',
    content,
    alt,
  } = Object.fromEntries(
    members.split(';').map((member) => [member.split('=', 1)[0], unquoted(member)]),
  ) as Record<string, string>;
  const text = escapeHtml(content ?? alt ?? url);
  return /^https?:\/\//.test(url) ? `<a href="${escapeHtml(url)}" rel="noreferrer">${text}</a>` : text;
}

function unquoted(member: string): string {
  return member.slice(member.indexOf('=') + 1).replace(/^'(.*)'$/s, '$1');
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
