import { byJob } from '../sum/by-job.ts';
import type { Measure } from '../sum/measure.ts';
import type { Spread } from '../sum/spread.ts';
import { type Html, html } from './html.ts';
import { webUrl } from './page-data.ts';
import { durationOrDash, hoursText, leftOutTexts, many, unmatchedText } from './words.ts';

const mostGroups = 50;

/** The sums, one row for each kind. */
export function sumTable({ source, builds, jobs }: Measure): Html {
  const early =
    source.type === 'files' ? 'Builds, as far as their jobs tell' : 'Builds failing before their end';
  return html`<section>
<h2>In sum</h2>
<div class="scroll"><table>
<thead><tr><th></th><th>Count</th><th>Median</th><th>90&nbsp;%</th><th>Hours</th></tr></thead>
<tbody>
${sumRow(`${early}: head start`, builds.headStart)}
${sumRow('Jobs that promised: head start', jobs.headStart)}
${sumRow('Jobs that failed without a promise: ran', jobs.unpromised)}
</tbody></table></div>${leftOutTexts(jobs).map((text) => html`<p>${text}</p>`)}
</section>`;
}

function sumRow(name: string, { count, medianMs, p90Ms, totalMs }: Spread): Html {
  return html`<tr><th scope="row">${name}</th><td>${count}</td><td>${durationOrDash(medianMs)}</td><td>${durationOrDash(p90Ms)}</td><td>${hoursText(totalMs)}</td></tr>`;
}

/** Jobs by name. */
export function groupTable({ rows }: Measure): Html {
  const groups = byJob(rows.jobs);
  if (groups.length === 0) return html``;
  const lines = groups.slice(0, mostGroups).map(
    ({ job, headStart, unpromised }) =>
      html`<tr><th scope="row">${job}</th><td>${headStart.count}</td><td>${durationOrDash(headStart.medianMs)}</td><td>${hoursText(headStart.totalMs)}</td><td>${unpromised.count}</td><td>${durationOrDash(unpromised.medianMs)}</td></tr>
`,
  );
  const more = groups.length - lines.length;
  return html`<section>
<h2>By job</h2>
<div class="scroll"><table>
<thead><tr><th></th><th>Promised</th><th>Median</th><th>Hours</th><th>Not promised</th><th>Ran</th></tr></thead>
<tbody>
${lines}</tbody></table></div>${more > 0 ? html`<p>And ${many(more, 'further job')}.</p>` : ''}
</section>`;
}

/** What should not be, before anything else. */
export function unmatchedPart({ unmatched }: Measure): Html {
  if (unmatched.length === 0) return html``;
  const lines = unmatched.map((row) => {
    const url = webUrl(row.url);
    const text = unmatchedText(row);
    return url === null ? html`<li>${text}</li>` : html`<li><a href="${url}">${text}</a></li>`;
  });
  return html`<section class="unmatched" role="alert">
<h2>${many(unmatched.length, 'promise')} that the final exit did not match</h2>
<ul>${lines}</ul>
</section>`;
}
