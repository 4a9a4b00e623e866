import { type Document, isAlias, type LineCounter, type Node } from 'yaml';

/** Something wrong in a pipeline file. Lines count from 1. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

/** A pipeline file that cannot be run: every problem at once, in the order of lines, each as `file:line: text`. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = [...problems].sort((a, b) => a.line - b.line);
    super(sorted.map(({ line, message }) => `${file}:${line}: ${message}`).join('\n'));
    this.problems = sorted;
  }
}

/** Any node, as yaml hands it over: absent values are null. */
export type AnyNode = Node | null | undefined;

/** What the readers of values share: the document, and where to put what is wrong. */
export interface ReadContext {
  resolve(node: AnyNode): AnyNode;
  /** Says what was found on the node's line and what would be right; the parent stands in for an absent node. */
  problem(node: AnyNode, message: string, parent?: AnyNode): void;
}

/** Creates a context that collects into `problems`. */
export function createContext(
  document: Document.Parsed,
  lines: LineCounter,
  problems: Problem[],
): ReadContext {
  return {
    resolve: (node) => (isAlias(node) ? node.resolve(document) : node),
    problem(node, message, parent) {
      const at = node?.range?.[0] ?? parent?.range?.[0] ?? 0;
      problems.push({ line: lines.linePos(at).line, message });
    },
  };
}

/** The value as a reader of the file would quote it, shortened. */
export function found(node: AnyNode): string {
  const text = node == null ? 'nothing' : (JSON.stringify(node.toJSON()) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
