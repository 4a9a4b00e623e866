import type { StepSpec } from '../model/types.ts';
import type { AnyNode } from './problems.ts';

/** A command step; `after` holds the indexes of the steps that must have passed before it runs. */
export interface PipelineStep extends StepSpec {
  readonly env: Readonly<Record<string, string>>;
  readonly parallelism: number | undefined;
  readonly after: readonly number[];
  /** Patterns of branches it is for (`main !wip/*`); its jobs are `broken` on others. */
  readonly branches: string | undefined;
  readonly skip: boolean | undefined;
}

/** A small pipeline. */
export interface Pipeline {
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly PipelineStep[];
}

/** A step whose dependencies are still names. */
export interface StepDraft extends Omit<PipelineStep, 'after'> {
  /** Where to point at when something about the step, its key or its dependencies is wrong. */
  readonly nodes: { readonly step: AnyNode; readonly key: AnyNode; readonly dependsOn: AnyNode };
  /** Keys of `depends_on`; undefined leaves it to the `wait` before. */
  readonly dependsOn: readonly string[] | undefined;
  /** Indexes of the steps before the last `wait`. */
  readonly afterWait: readonly number[];
}
