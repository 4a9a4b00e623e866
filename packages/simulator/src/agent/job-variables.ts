import type { Build, Job } from '../model/types.ts';

/** A job with its build, as its routes find it. */
export interface JobVariables {
  readonly Variables: { readonly job: Job; readonly build: Build; readonly body: Record<string, unknown> };
}
