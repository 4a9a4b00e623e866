import { duration, element } from './element.js';
import { jobRow } from './job.js';

/** One build: headline, what a promise was worth, annotations, and a row per job on one scale of time. */
export function buildCard(build, now, view) {
  const start = build.startedAt ?? build.createdAt;
  const end = build.finishedAt ?? now;
  const scale = { start, length: Math.max(1, end - start) };
  const state = build.blocked ? `${build.state}, blocked` : build.state;
  return element('article', { class: `build ${build.state}`, 'data-build': build.number }, [
    element('h2', {}, [
      element('a', { href: build.path }, [`Build #${build.number}`]),
      ' ',
      element('span', { class: `badge ${build.state}` }, [state]),
      ' ',
      element('small', {}, [duration(end - start)]),
    ]),
    element('p', { class: 'about' }, [[build.branch, build.message].filter(Boolean).join(' · ')]),
    worth(build, start),
    ...build.annotations.map(annotation),
    metaData(build.metaData),
    element(
      'div',
      { class: 'jobs' },
      build.jobs.map((job) => jobRow(job, scale, now, view)),
    ),
  ]);
}

function worth({ failingAt, finishedAt }, start) {
  if (failingAt === null) return '';
  const known = `Known to fail after ${duration(failingAt - start)}`;
  const gained =
    finishedAt === null ? '; it runs on.' : `: ${duration(finishedAt - failingAt)} of head start.`;
  return element('p', { class: 'worth' }, [known + gained]);
}

function annotation({ context, style, html, job }) {
  const box = element('div', { class: `annotation ${style}`, 'data-context': context });
  if (job !== null) box.append(element('small', {}, [job]));
  const body = element('div');
  // The server has taken out of it whatever could act.
  body.innerHTML = html;
  box.append(body);
  return box;
}

function metaData(values) {
  const entries = Object.entries(values);
  if (entries.length === 0) return '';
  const rows = entries.map(([key, value]) => element('li', {}, [element('code', {}, [key]), ' ', value]));
  const summary = element('summary', {}, [`Meta-data (${rows.length})`]);
  return element('details', { class: 'meta-data' }, [summary, element('ul', {}, rows)]);
}
