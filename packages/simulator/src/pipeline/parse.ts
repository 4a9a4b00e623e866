import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { readAgents, readSkip } from './agents.ts';
import { orderProblems } from './order.ts';
import type { Pipeline, PipelineStep, StepDraft } from './pipeline.ts';
import {
  type AnyNode,
  createContext,
  found,
  PipelineError,
  type Problem,
  type ReadContext,
} from './problems.ts';
import { readRetry } from './retry.ts';
import { interpolateDocument, type Upload } from './upload.ts';
import {
  type Reader,
  readBoolean,
  readEnvironment,
  readInteger,
  readMembers,
  readSoftFail,
  readText,
  readTexts,
} from './values.ts';

const stepKeys = [
  'label',
  'name',
  'key',
  'command',
  'commands',
  'env',
  'parallelism',
  'soft_fail',
  'retry',
  'cancel_on_build_failing',
  'depends_on',
  'agents',
  'timeout_in_minutes',
  'branches',
  'skip',
  'priority',
];

const blockKeys = ['block', 'label', 'key', 'prompt', 'depends_on', 'branches'];

const topKeys = ['steps', 'env', 'agents'];

/**
 * Reads a pipeline file: a map with `steps`, optionally `env` and `agents`, or the list of steps alone. Throws
 * PipelineError with all problems. With `upload` its variables are put in; without, the text stands as it is.
 * A step with `depends_on` ignores the `wait` steps before it, as in Buildkite.
 */
export function parsePipeline(text: string, file: string, upload?: Upload): Pipeline {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems: Problem[] = document.errors.map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    message: message.split('\n')[0] ?? message,
  }));
  if (problems.length > 0) throw new PipelineError(file, problems);
  const context = createContext(document, lines, problems);
  if (upload !== undefined) interpolateDocument(document, upload, context);
  const isList = isSeq(document.contents);
  const top = isList ? new Map() : readMembers(document.contents, topKeys, 'the pipeline', context);
  const given = isList ? document.contents : top?.get('steps');
  const drafts = top === undefined ? [] : readSteps(given, document.contents, context);
  const env = readOptional(top?.get('env'), readEnvironment, context) ?? {};
  const agents = readOptional(top?.get('agents'), readAgents, context);
  const steps = orderSteps(drafts, context).map((step) => ({ ...step, agents: step.agents ?? agents }));
  if (problems.length > 0) throw new PipelineError(file, problems);
  return { env, steps };
}

function readSteps(given: AnyNode, parent: AnyNode, context: ReadContext): StepDraft[] {
  const node = context.resolve(given);
  if (!isSeq(node) || node.items.length === 0) {
    context.problem(given, `steps must be a list with at least one step; found ${found(node)}`, parent);
    return [];
  }
  const drafts: StepDraft[] = [];
  let afterWait: number[] = [];
  for (const item of node.items as AnyNode[]) {
    if (isWait(item, context)) afterWait = drafts.map((_, index) => index);
    else if (isBlock(item, context)) {
      drafts.push(
        ...readBlock(
          item,
          drafts.map((_, index) => index),
          context,
        ),
      );
      afterWait = drafts.map((_, index) => index);
    } else drafts.push(...readStep(item, afterWait, context));
  }
  return drafts;
}

function isWait(given: AnyNode, context: ReadContext): boolean {
  const node = context.resolve(given);
  if (isScalar(node)) return node.value === 'wait';
  const plain: unknown = node?.toJSON();
  if (typeof plain !== 'object' || plain === null || !('wait' in plain)) return false;
  readMembers(given, ['wait'], 'the wait step', context);
  if (plain.wait !== null)
    context.problem(given, `wait takes no value, write "wait: ~"; found ${found(node)}`);
  return true;
}

function isBlock(given: AnyNode, context: ReadContext): boolean {
  const node = context.resolve(given);
  return isMap(node) && node.has('block');
}

function readBlock(node: AnyNode, before: readonly number[], context: ReadContext): StepDraft[] {
  const members = readMembers(node, blockKeys, 'the block step', context);
  if (members === undefined) return [];
  const read = <T>(key: string, reader: Reader<T>) => readOptional(members.get(key), reader, context);
  return [
    {
      nodes: { step: node, key: members.get('key'), dependsOn: members.get('depends_on') },
      type: 'manual',
      afterWait: before,
      command: '',
      label: read('label', readText) ?? read('block', readText) ?? '',
      key: read('key', readKey),
      env: {},
      parallelism: undefined,
      branches: read('branches', readTexts)?.join(' '),
      skip: undefined,
      dependsOn: read('depends_on', readDependencies),
    },
  ];
}

function readStep(node: AnyNode, afterWait: readonly number[], context: ReadContext): StepDraft[] {
  const members = readMembers(node, stepKeys, 'the step', context);
  if (members === undefined) return [];
  const read = <T>(key: string, reader: Reader<T>) => {
    const named: ReadContext = {
      ...context,
      problem: (node, message, parent) => context.problem(node, `${key}: ${message}`, parent),
    };
    return readOptional(members.get(key), reader, named);
  };
  const commands = read('command', readTexts) ?? read('commands', readTexts);
  if (!members.has('command') && !members.has('commands'))
    context.problem(node, 'the step has no command; write "command: ..."');
  const command = (commands ?? []).join('\n');
  const retry = read('retry', readRetry);
  return [
    {
      nodes: { step: node, key: members.get('key'), dependsOn: members.get('depends_on') },
      afterWait,
      command,
      label:
        read('label', readText) ??
        read('name', readText) ??
        read('key', readText) ??
        command.split('\n')[0] ??
        '',
      key: read('key', readKey),
      env: read('env', readEnvironment) ?? {},
      parallelism: read('parallelism', readInteger(1, 1000)),
      softFail: read('soft_fail', readSoftFail),
      automaticRetry: retry?.automatic,
      manualRetry: retry?.manual,
      priority: read('priority', readInteger(-1_000_000, 1_000_000)),
      cancelOnBuildFailing: read('cancel_on_build_failing', readBoolean),
      dependsOn: read('depends_on', readDependencies),
      agents: read('agents', readAgents),
      timeoutInMinutes: read('timeout_in_minutes', readInteger(1, 10_080)),
      branches: read('branches', readTexts)?.join(' '),
      skip: read('skip', readSkip),
    },
  ];
}

const readKey: Reader<string> = (node, context) => {
  const key = readText(node, context);
  if (key === undefined || /^[\w:-]+$/.test(key)) return key;
  context.problem(node, `may hold letters, digits, "_", "-" and ":"; found ${found(node)}`);
};

const readDependencies: Reader<readonly string[]> = (given, context) => {
  const node = context.resolve(given);
  // A member without a value stands as its own key node; `depends_on: ~` is the explicit "on nothing".
  const isNothing = isScalar(node) && (node.value === null || node.value === 'depends_on');
  return isNothing ? [] : readTexts(given, context);
};

function readOptional<T>(node: AnyNode, reader: Reader<T>, context: ReadContext): T | undefined {
  return node === undefined ? undefined : reader(node, context);
}

function orderSteps(drafts: readonly StepDraft[], context: ReadContext): PipelineStep[] {
  const indexes = new Map(
    drafts.flatMap(({ key }, index) => (key === undefined ? [] : [[key, index] as const])),
  );
  orderProblems(drafts, indexes, context);
  return drafts.map(({ nodes: _nodes, dependsOn, afterWait, ...step }) => ({
    ...step,
    after: dependsOn?.flatMap((key) => indexes.get(key) ?? []) ?? afterWait,
  }));
}
