import type { StepDraft } from './pipeline.ts';
import type { ReadContext } from './problems.ts';

/** Tells keys that occur twice, dependencies on keys that do not exist, and circles. */
export function orderProblems(
  drafts: readonly StepDraft[],
  indexes: ReadonlyMap<string, number>,
  context: ReadContext,
): void {
  drafts.forEach((draft, index) => {
    const { key, nodes, dependsOn = [] } = draft;
    if (key !== undefined && indexes.get(key) !== index) {
      context.problem(nodes.key, `key "${key}" belongs to another step, too; keys must be unique`);
    }
    for (const name of dependsOn.filter((name) => !indexes.has(name))) {
      const known = [...indexes.keys()].join(', ') || 'none';
      context.problem(
        nodes.dependsOn,
        `depends_on names "${name}", which no step has as its key; keys are ${known}`,
      );
    }
    if (reaches(index, index, drafts, indexes)) {
      context.problem(nodes.step, `the step depends on itself: ${draft.label}`);
    }
  });
}

function reaches(
  from: number,
  target: number,
  drafts: readonly StepDraft[],
  indexes: ReadonlyMap<string, number>,
  seen = new Set<number>(),
): boolean {
  const draft = drafts[from];
  if (draft === undefined || seen.has(from)) return false;
  seen.add(from);
  const next = draft.dependsOn?.flatMap((key) => indexes.get(key) ?? []) ?? draft.afterWait;
  return next.some((index) => index === target || reaches(index, target, drafts, indexes, seen));
}
