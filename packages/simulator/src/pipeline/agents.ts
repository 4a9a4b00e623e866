import { isMap, isScalar, isSeq } from 'yaml';
import { type AnyNode, found } from './problems.ts';
import { type Reader, readEnvironment, readTexts } from './values.ts';

/** `agents`: a map of tags, or a list of `name=value`; all as `name=value`, with a queue in any case. */
export const readAgents: Reader<readonly string[]> = (given, context) => {
  const node = context.resolve(given);
  const tags = isMap(node)
    ? Object.entries(readEnvironment(given, context) ?? {}).map(([name, value]) => `${name}=${value}`)
    : isSeq(node)
      ? (readTexts(given, context) ?? [])
      : undefined;
  if (tags === undefined) {
    context.problem(given, `expected a map of tags or a list of name=value; found ${found(node)}`);
    return undefined;
  }
  const wrong = tags.find((tag) => !/^[^=]+=.+$/.test(tag));
  if (wrong !== undefined) context.problem(given, `a tag is written name=value; found "${wrong}"`);
  return tags.some((tag) => tag.startsWith('queue=')) ? tags : ['queue=default', ...tags];
};

/** `skip`: a boolean, or a text that says why, which is true. */
export const readSkip: Reader<boolean> = (given, context) => {
  const node = context.resolve(given) as AnyNode;
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  context.problem(given, `expected true, false or a reason; found ${found(node)}`);
};
