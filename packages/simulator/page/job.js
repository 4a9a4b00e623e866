import { duration, element } from './element.js';

/** A job on its line of time, with the promise where it was made and the head start behind it. */
export function jobRow(job, scale, now, { open, logs, toggle }) {
  const row = element('section', { class: `job ${job.tone}`, 'data-id': job.id }, [
    element('h3', {}, [job.name, ' ', element('small', {}, [summary(job, now)])]),
    line(job, scale, now),
  ]);
  if (job.promisedExitStatusAt !== null) row.append(promise(job, scale, now));
  if (job.isScript) {
    const button = element('button', { type: 'button', 'aria-expanded': String(open.has(job.id)) }, ['Log']);
    button.addEventListener('click', () => toggle(job.id));
    row.append(button);
  }
  if (open.has(job.id)) {
    const log = element('pre', { class: 'log' });
    // Escaped by the server, which makes colours of escape sequences.
    log.innerHTML = logs.get(job.id) || 'Nothing was said so far.';
    row.append(log);
  }
  return row;
}

function line(job, scale, now) {
  const label = `${job.name}: ${job.result}`;
  const drawn = element('svg', {
    class: 'line',
    width: '100%',
    height: '14',
    role: 'img',
    'aria-label': label,
  });
  const share = (at) => Math.min(100, Math.max(0, ((at - scale.start) / scale.length) * 100));
  const bar = (from, to, name) => {
    const width = Math.max(0.4, share(to) - share(from));
    const place = { x: `${share(from).toFixed(2)}%`, width: `${width.toFixed(2)}%` };
    drawn.append(element('rect', { class: name, y: '3', height: '8', rx: '2', ...place }));
  };
  if (job.startedAt === null) return drawn;
  const end = job.finishedAt ?? now;
  bar(job.startedAt, end, `bar ${job.tone}`);
  if (job.promisedExitStatusAt === null) return drawn;
  bar(job.promisedExitStatusAt, end, 'head-start');
  const x = `${share(job.promisedExitStatusAt).toFixed(2)}%`;
  drawn.append(element('rect', { class: 'promise', x, y: '0', width: '3', height: '14' }));
  return drawn;
}

function summary(job, now) {
  const took = job.startedAt === null ? [] : [duration((job.finishedAt ?? now) - job.startedAt)];
  return [job.result, ...took, ...(job.agent === null ? [] : [`on ${job.agent}`])].join(' · ');
}

function promise(job, scale, now) {
  const at = `⚑ promised exit ${job.promisedExitStatus} at ${duration(job.promisedExitStatusAt - scale.start)}`;
  const soFar = job.finishedAt === null ? ' so far' : '';
  const gained = `${duration((job.finishedAt ?? now) - job.promisedExitStatusAt)} of head start${soFar}`;
  return element('p', { class: 'said' }, [[at, gained, job.reason].filter(Boolean).join(' · ')]);
}
