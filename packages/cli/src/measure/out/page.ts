import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Measure } from '../sum/measure.ts';
import { type Html, html } from './html.ts';
import { mostBuilds, pageData } from './page-data.ts';
import { groupTable, sumTable, unmatchedPart } from './page-tables.ts';
import { many, sourceText } from './words.ts';

/** The measure as one page that loads nothing: charts by Chart.js, which is in the page, and tables. */
export function measurePage(measure: Measure): string {
  const { source, builds } = measure;
  const data = pageData(measure);
  const title = source.type === 'pipeline' ? `Promised failures of ${source.pipeline}` : 'Promised failures';
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(readOwn('measure.css'))}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="source">${sourceText(source, builds)}</p>
${unmatchedPart(measure)}
${sumTable(measure)}
${timeline(data.builds.length, builds.headStart.count)}
${distribution(data.headStarts)}
${groupTable(measure)}
</main>
<script type="application/json" id="data">${raw(inScript(JSON.stringify(data)))}</script>
<script>${raw(inScript(chartLibrary()))}</script>
<script>${raw(readOwn('measure.js'))}</script>
</body>
</html>
`;
  return page.html;
}

function timeline(shown: number, all: number): Html {
  if (shown === 0) return html``;
  const note =
    all > shown ? html` The newest ${mostBuilds} of ${all}; all are in <code>--csv</code>.` : html``;
  return html`<section>
<h2>Timeline of ${many(shown, 'build')}</h2>
<p>Each bar is a build that failed. Its coloured part is what was gained: from the moment it was known that the build
would fail to its end. Points are the jobs' promises.${note}</p>
<div class="chart" id="timeline-box"><canvas id="timeline" role="img" aria-label="Timeline of each build"></canvas></div>
</section>`;
}

function distribution({
  builds,
  jobs,
}: {
  readonly builds: readonly number[];
  readonly jobs: readonly number[];
}) {
  if (builds.length + jobs.length === 0)
    return html`<p>Nothing was known before its end: there is nothing to draw.</p>`;
  return html`<section>
<h2>How long before the end</h2>
<p>How many builds and jobs had which head start.</p>
<div class="chart" id="distribution-box"><canvas id="distribution" role="img" aria-label="Distribution of head starts"></canvas></div>
</section>`;
}

function readOwn(name: string): string {
  return readFileSync(new URL(`../../../page/${name}`, import.meta.url), 'utf8');
}

/** Its one file for browsers is none of its exports. */
function chartLibrary(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('chart.js'));
  const text = readFileSync(join(folder, 'chart.umd.min.js'), 'utf8');
  return text.replace(/^\/\/# sourceMappingURL=.*$/m, '');
}

/** Nothing in a script ends it. */
function inScript(text: string): string {
  return text.replace(/<(?=[/!])/g, '\\u003c');
}

function raw(text: string): Html {
  return { html: text };
}
