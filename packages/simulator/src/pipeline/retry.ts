import { isMap, isSeq } from 'yaml';
import { anyFailureTwice, defaultRetryLimit, type ManualRetry, type RetryRule } from '../model/exit-rules.ts';
import type { AnyNode, ReadContext } from './problems.ts';
import { type Reader, readBoolean, readExitPattern, readInteger, readMembers, readText } from './values.ts';

/** What a step says of retries; absent parts are left to the defaults. */
export interface Retry {
  readonly automatic: readonly RetryRule[] | undefined;
  readonly manual: ManualRetry | undefined;
}

/** `retry` with `automatic` (true, false, one rule or a list of rules) and `manual` (true, false or its rule). */
export const readRetry: Reader<Retry> = (given, context) => {
  const members = readMembers(given, ['automatic', 'manual'], 'retry', context);
  const [automatic, manual] = [members?.get('automatic'), members?.get('manual')];
  return {
    automatic: automatic === undefined ? undefined : readAutomatic(automatic, context),
    manual: manual === undefined ? undefined : readManual(manual, context),
  };
};

function readAutomatic(given: AnyNode, context: ReadContext): readonly RetryRule[] {
  const node = context.resolve(given);
  if (isSeq(node)) return node.items.flatMap((item) => readRule(item as AnyNode, context) ?? []);
  if (isMap(node)) return [readRule(given, context) ?? []].flat();
  return readBoolean(given, context) ? anyFailureTwice : [];
}

const readRule: Reader<RetryRule> = (given, context) => {
  const members = readMembers(given, ['exit_status', 'limit'], 'retry.automatic', context);
  if (members === undefined) return undefined;
  const { exit_status: statuses, limit } = Object.fromEntries(members);
  const list = context.resolve(statuses);
  const nodes = isSeq(list) ? (list.items as AnyNode[]) : [statuses];
  return {
    exitStatus: statuses == null ? ['*'] : nodes.flatMap((node) => readExitPattern(node, context) ?? []),
    limit: limit == null ? defaultRetryLimit : (readInteger(0, 10)(limit, context) ?? 0),
  };
};

const readManual: Reader<ManualRetry> = (given, context) => {
  if (!isMap(context.resolve(given))) {
    return { allowed: readBoolean(given, context) ?? true, permitOnPassed: false, reason: null };
  }
  const members = readMembers(given, ['allowed', 'permit_on_passed', 'reason'], 'retry.manual', context);
  const read = <T>(name: string, reader: Reader<T>) => {
    const node = members?.get(name);
    return node === undefined ? undefined : reader(node, context);
  };
  return {
    allowed: read('allowed', readBoolean) ?? true,
    permitOnPassed: read('permit_on_passed', readBoolean) ?? false,
    reason: read('reason', readText) ?? null,
  };
};
