import { Marked } from 'marked';
import xss from 'xss';

const marked = new Marked({ gfm: true });

const plain =
  'b blockquote br code dd del details dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p pre s samp small span strong sub summary sup table tbody tfoot thead tr tt ul var';

/** What stays of HTML: inline styles and scripts go, as Buildkite strips them. */
const kept: Record<string, string[]> = {
  ...Object.fromEntries(plain.split(' ').map((tag) => [tag, ['class']])),
  a: ['class', 'href', 'title'],
  details: ['class', 'open'],
  div: ['class'],
  img: ['alt', 'class', 'height', 'src', 'title', 'width'],
  td: ['align', 'class', 'colspan', 'rowspan'],
  th: ['align', 'class', 'colspan', 'rowspan'],
};

/** Markdown of an annotation as HTML that is safe to show. */
export function annotationHtml(markdown: string): string {
  const html = marked.parse(markdown, { async: false });
  return xss(html, { whiteList: kept, stripIgnoreTag: true, stripIgnoreTagBody: ['script', 'style'] });
}
