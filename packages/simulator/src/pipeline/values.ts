import { isMap, isScalar, isSeq } from 'yaml';
import type { ExitPattern, SoftFail } from '../model/exit-rules.ts';
import { type AnyNode, found, type ReadContext } from './problems.ts';

/** Reads one value; undefined once a problem was told. */
export type Reader<T> = (node: AnyNode, context: ReadContext) => T | undefined;

/** The members of a map by name, unknown names told; undefined if it is no map. */
export function readMembers(
  given: AnyNode,
  known: readonly string[],
  what: string,
  context: ReadContext,
): ReadonlyMap<string, AnyNode> | undefined {
  const node = context.resolve(given);
  if (!isMap(node)) {
    context.problem(given, `${what} must be a map with ${known.join(', ')}; found ${found(node)}`);
    return undefined;
  }
  const members = new Map<string, AnyNode>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : found(key as AnyNode);
    if (known.includes(name)) members.set(name, (value as AnyNode) ?? (key as AnyNode));
    else context.problem(key as AnyNode, `unknown key "${name}" in ${what}; known are ${known.join(', ')}`);
  }
  return members;
}

/** A string of at least one character. */
export const readText: Reader<string> = (node, context) => {
  const value = scalar(node, context);
  if (typeof value === 'string' && value !== '') return value;
  context.problem(node, `expected a text; found ${found(context.resolve(node))}`);
};

/** true or false. */
export const readBoolean: Reader<boolean> = (node, context) => {
  const value = scalar(node, context);
  if (typeof value === 'boolean') return value;
  context.problem(node, `expected true or false; found ${found(context.resolve(node))}`);
};

/** A whole number within both bounds. */
export function readInteger(min: number, max: number): Reader<number> {
  return (node, context) => {
    const value = scalar(node, context);
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    context.problem(
      node,
      `expected a whole number from ${min} to ${max}; found ${found(context.resolve(node))}`,
    );
  };
}

/** One text, or a list of them. */
export const readTexts: Reader<readonly string[]> = (given, context) => {
  const node = context.resolve(given);
  if (!isSeq(node)) {
    const text = readText(given, context);
    return text === undefined ? undefined : [text];
  }
  return node.items.flatMap((item) => readText(item as AnyNode, context) ?? []);
};

/** Names with texts, numbers or booleans, all as the text they were written as. */
export const readEnvironment: Reader<Readonly<Record<string, string>>> = (given, context) => {
  const node = context.resolve(given);
  if (!isMap(node)) {
    context.problem(given, `must be a map of names and values; found ${found(node)}`);
    return undefined;
  }
  const env: Record<string, string> = {};
  for (const { key, value } of node.items) {
    const resolved = context.resolve(value as AnyNode);
    if (isScalar(resolved) && resolved.value !== null)
      env[String(key)] = resolved.source ?? String(resolved.value);
    else
      context.problem(
        (value ?? key) as AnyNode,
        `the value of ${key} must be a text; found ${found(resolved)}`,
      );
  }
  return env;
};

/** `*`, -1 or 1 to 255. */
export const readExitPattern: Reader<ExitPattern> = (node, context) => {
  const value = scalar(node, context);
  if (value === '*') return '*';
  if (typeof value === 'number' && Number.isInteger(value) && value >= -1 && value <= 255 && value !== 0)
    return value;
  context.problem(node, `exit_status must be "*", -1 or 1 to 255; found ${found(context.resolve(node))}`);
};

/** true, false, or a list of `exit_status`. */
export const readSoftFail: Reader<SoftFail> = (given, context) => {
  const node = context.resolve(given);
  if (!isSeq(node)) return readBoolean(given, context);
  return node.items.flatMap((item) => {
    const members = readMembers(item as AnyNode, ['exit_status'], 'soft_fail', context);
    if (members === undefined) return [];
    return readExitPattern(members.get('exit_status') ?? (item as AnyNode), context) ?? [];
  });
};

function scalar(given: AnyNode, context: ReadContext): unknown {
  const node = context.resolve(given);
  return isScalar(node) ? node.value : undefined;
}
