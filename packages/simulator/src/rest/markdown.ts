import { Marked } from 'marked';
import { FilterXSS, whiteList } from 'xss';

const marked = new Marked({ gfm: true });
// Inline styles and scripts go, as Buildkite strips them.
const filter = new FilterXSS({
  whiteList: Object.fromEntries(
    Object.entries({ ...whiteList, details: ['open'], summary: [] }).map(([tag, attributes]) => [
      tag,
      (attributes ?? []).filter((name) => name !== 'style').concat(['class']),
    ]),
  ),
  stripIgnoreTag: true,
  stripIgnoreTagBody: ['script', 'style'],
});

/** Markdown of an annotation as HTML that is safe to show. */
export function annotationHtml(markdown: string): string {
  return filter.process(marked.parse(markdown, { async: false }));
}
