import pc from 'picocolors';
import { isWell } from './examine.ts';
import type { Finding } from './finding.ts';

const marks = { ok: pc.green('✓'), note: pc.yellow('!'), problem: pc.red('✗') } as const;
const width = 13;
const indent = ' '.repeat(width + 2);

/** One line for each finding, what to do below it, and the sum of it all. */
export function doctorText(findings: readonly Finding[]): string {
  return [...findings.map(findingText), '', sumText(findings)].join('\n');
}

function findingText({ check, status, says, todo }: Finding): string {
  const head = `${marks[status]} ${check.padEnd(width)}${says}`;
  if (todo === undefined) return head;
  const [first = '', ...rest] = todo.split('\n');
  return [head, `${indent}${pc.cyan('→')} ${first}`, ...rest.map((line) => `${indent}  ${line}`)].join('\n');
}

function sumText(findings: readonly Finding[]): string {
  const problems = findings.filter(({ status }) => status === 'problem').length;
  if (isWell(findings)) return pc.green('A promise would work here.');
  const many = problems === 1 ? '1 problem' : `${problems} problems`;
  return pc.red(`A promise would not work here as it should: ${many}.`);
}
