import { DomUtils, parseDocument } from 'htmlparser2';
import { present } from '../rest/fields.ts';
import type { FailedOutsideTests, FailedTest, JobEvidence, RerunCommand } from './job-evidence.ts';

type ChildNode = ReturnType<typeof parseDocument>['children'][number];
type Element = ReturnType<typeof getElementsByTagName>[number];

const { findOne, getElementsByTagName, textContent } = DomUtils;

/** Under which core's annotation stands on the build. */
export function annotationContext(jobId: string): string {
  return `promise-failure-${jobId}`.slice(0, 100);
}

/**
 * Reads the annotation of a job as REST shows it: each test in a `<details>`, its heads in the summary and its message
 * in a `<pre>`; a `<pre>` outside of them holds commands. The marks of Markdown are gone by then.
 */
export function readAnnotation(bodyHtml: string): JobEvidence | undefined {
  const { children } = parseDocument(bodyHtml);
  const tests: FailedTest[] = [];
  const errors: FailedOutsideTests[] = [];
  for (const details of getElementsByTagName('details', children)) {
    const facts = readDetails(details);
    if (facts === undefined) continue;
    if ('where' in facts) errors.push(facts);
    else tests.push(facts);
  }
  const rerun = readCommands(children);
  if (tests.length + errors.length === 0) return undefined;
  return { source: 'annotation', tests, testsOmitted: readOmitted(children), errors, rerun };
}

function readDetails(details: Element): FailedTest | FailedOutsideTests | undefined {
  const [summary] = getElementsByTagName('summary', details);
  const head = firstText('b', summary) ?? firstText('strong', summary);
  if (summary === undefined || head === undefined) return undefined;
  const place = firstText('code', summary);
  const message = firstText('pre', details);
  const facts = readFacts(afterBreak(summary));
  // Only what no test owns says nothing of attempts or a place: its runner stands alone.
  if (isOutsideTests(head)) return { where: place ?? head, message: message ?? '' };
  const [, file = place, line] = /^(.*):(\d+)$/.exec(place ?? '') ?? [];
  return {
    name: head,
    ...present({ file, line: line === undefined ? undefined : Number(line), message, ...facts }),
  };
}

/** The words that core has for a failure that no test owns. */
function isOutsideTests(head: string): boolean {
  return /^(A (test file|hook|snapshot) failed|The (set-up|tear-down|test run) failed|An error was not handled|One of the runner's limits was reached)$/.test(
    head,
  );
}

/** `jest, project web, 3 attempts`. */
function readFacts(words: string) {
  const [runner, ...more] = words.split(', ');
  const project = more.find((word) => word.startsWith('project '))?.slice('project '.length);
  const attempts = /(\d+) attempts?$/.exec(words)?.[1];
  return {
    ...{ runner: runner || undefined, project },
    attempts: attempts === undefined ? undefined : Number(attempts),
  };
}

/** What a summary says behind its place. */
function afterBreak(summary: Element): string {
  const [place] = getElementsByTagName('code', summary);
  if (place === undefined) return '';
  const after: string[] = [];
  for (let node = place.next; node !== null; node = node.next) after.push(textContent(node));
  return after.join('').trim();
}

/** Each outermost `<pre>` that belongs to no test, and the folder that the words before it name. */
function readCommands(nodes: readonly ChildNode[]): RerunCommand[] {
  const commands: RerunCommand[] = [];
  let folder = '.';
  for (const node of nodes) {
    if (!('children' in node) || !('name' in node) || node.name === 'details') continue;
    if (node.name === 'pre') {
      const lines = textContent(node).split('\n');
      for (const command of lines) if (command.startsWith('npx ')) commands.push({ folder, command });
    } else folder = firstText('code', node) ?? '.';
  }
  return commands;
}

function readOmitted(nodes: readonly ChildNode[]): number {
  const outside = nodes.filter((node) => !('name' in node) || node.name !== 'details');
  return Number(/and (\d+) more tests?\./.exec(textContent(outside))?.[1] ?? 0);
}

function firstText(tag: string, within: Element | undefined): string | undefined {
  const found = within && findOne(({ name }) => name === tag, within.children);
  return found ? textContent(found).replace(/\n$/, '') : undefined;
}
