import type { Command, EvidenceDocument, EvidenceError, EvidenceTest } from './document.ts';
import { escapeHtml, escapeMarkdown } from './escape.ts';

/** Tests shown with their messages; the rest is a number. */
const mostShown = 50;
/** Tests whose messages are to be seen without a click. */
const mostOpen = 5;
/** Buildkite takes 1 MiB; a little less, since nobody has said what else it counts. */
const mostBytes = 1_000_000;

/**
 * The annotation of a job: what failed for good, where, with what message, and how to run it again. CommonMark with the
 * HTML that Buildkite leaves standing. What comes from tests stands in elements whose content nothing can end: a
 * `<pre>` goes on to its end tag whatever is in it (CommonMark 0.31, HTML blocks of the first kind).
 */
export function annotationBody(evidence: EvidenceDocument): string {
  for (let shown = mostShown; ; shown = Math.floor(shown / 2)) {
    const body = bodyWith(evidence, shown);
    if (shown === 0 || Buffer.byteLength(body) <= mostBytes) return body;
  }
}

function bodyWith(evidence: EvidenceDocument, shown: number): string {
  const { tests, tests_omitted, errors, errors_omitted, muted_tests, rerun } = evidence;
  const listed = tests.slice(0, shown);
  const listedErrors = errors.slice(0, shown);
  const more = tests.length - listed.length + tests_omitted;
  const moreErrors = errors.length - listedErrors.length + errors_omitted;
  return [
    headline(evidence),
    ...listedErrors.map(describeError),
    ...listed.map(describeTest),
    ...(more > 0 ? [`… and ${plural(more, 'more test')}.`] : []),
    ...(moreErrors > 0 ? [`… and ${plural(moreErrors, 'more error')} outside of tests.`] : []),
    ...(muted_tests.length > 0 ? [`Muted: ${mutedNames(evidence)}`] : []),
    ...describeRerun(more > 0 ? rerunOf(listed) : rerun),
  ].join('\n\n');
}

function headline({ job, promise, held, counts, finished_at }: EvidenceDocument): string {
  const numbers = [
    `**${counts.hard} failed for good**`,
    ...(counts.muted > 0 ? [`${counts.muted} muted`] : []),
    ...(counts.flaky > 0 ? [`${counts.flaky} flaky`] : []),
  ].join(', ');
  const outcome =
    promise === null
      ? `Not promised: ${escapeMarkdown(held?.because ?? 'no answer yet')}.`
      : describePromise(promise, finished_at);
  return `${numbers} in ${stepLink(job)}. ${outcome}`;
}

/** A step's label may hold emoji, which are its author's wish. */
function stepLink(job: EvidenceDocument['job']): string {
  const label = escapeMarkdown(job?.step.label ?? job?.step.key ?? 'this job').replaceAll('&#58;', ':');
  const address = job?.url?.replaceAll(/[<>\s\\]/g, encodeURIComponent);
  return address ? `[${label}](<${address}>)` : label;
}

function describePromise(
  { exit_status, promised_at, head_start_ms }: NonNullable<EvidenceDocument['promise']>,
  finishedAt: string | null,
): string {
  const promised = `Exit status ${exit_status} promised at ${clockTime(promised_at)}`;
  if (finishedAt === null || head_start_ms === null) return `${promised}; the tests go on.`;
  // A promise of the last moment has no head start to speak of.
  const early = head_start_ms < 100 ? '; the tests' : `, ${durationText(head_start_ms)} before the tests`;
  return `${promised}${early} ended at ${clockTime(finishedAt)}.`;
}

function describeTest(test: EvidenceTest, index: number): string {
  const { name, file, line, runner, project, attempts, message } = test;
  const place = line === null ? file : `${file}:${line}`;
  const facts = [
    runner,
    ...(project === null ? [] : [`project ${project}`]),
    ...(attempts === null ? [] : [plural(attempts, 'attempt')]),
  ].join(', ');
  const summary = `<summary><b>${inline(name)}</b><br><code>${inline(place)}</code> ${inline(facts)}</summary>`;
  if (message === null) return `<details>${summary}</details>`;
  const start = `<details${index < mostOpen ? ' open' : ''}>${summary}`;
  return `${start}\n\n${pre(message)}\n\n</details>`;
}

function describeError({ kind, where, message, runner }: EvidenceError): string {
  const place = where === null ? '' : `<code>${inline(where)}</code> `;
  const summary = `<summary><b>${kindText[kind]}</b><br>${place}${runner}</summary>`;
  return `<details open>${summary}\n\n${pre(message)}\n\n</details>`;
}

const kindText: Readonly<Record<EvidenceError['kind'], string>> = {
  file: 'A test file failed',
  hook: 'A hook failed',
  setup: 'The set-up failed',
  teardown: 'The tear-down failed',
  unhandled: 'An error was not handled',
  snapshot: 'A snapshot failed',
  limit: "One of the runner's limits was reached",
  exit: 'The test run failed',
  other: 'The test run failed',
};

function describeRerun(commands: readonly Command[]): string[] {
  const folders = new Map<string, string[]>();
  for (const { folder, command } of commands) {
    const known = folders.get(folder) ?? [];
    folders.set(folder, known.includes(command) ? known : [...known, command]);
  }
  return [...folders].map(([folder, list]) => {
    const where = folder === '.' ? '' : ` in <code>${inline(folder)}</code>`;
    return `Run just these again${where}:\n\n${pre(list.join('\n'))}`;
  });
}

function rerunOf(tests: readonly EvidenceTest[]): Command[] {
  return tests.flatMap(({ rerun }) => (rerun === null ? [] : [rerun]));
}

function mutedNames({ muted_tests, counts }: EvidenceDocument): string {
  const more = counts.muted - muted_tests.length;
  return muted_tests.map(escapeMarkdown).join(', ') + (more > 0 ? `, and ${more} more` : '');
}

/** On one line, where a line of Markdown may stand. */
function inline(text: string): string {
  return escapeMarkdown(text.replaceAll(/\s+/g, ' '));
}

function pre(text: string): string {
  return `<pre><code>${escapeHtml(text)}</code></pre>`;
}

function plural(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

function clockTime(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}

/** `6 min 14 s`; seconds with a tenth below a minute. */
function durationText(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
