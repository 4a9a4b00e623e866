import { randomUUID } from 'node:crypto';
import { buildOf, type ModelState, tellNote } from './state.ts';
import type { Annotation, AnnotationStyle, Build } from './types.ts';

/** Most bytes of an annotation's body, appended parts included. */
const annotationLimitBytes = 1024 * 1024;
/** Most bytes of a meta-data value. */
const metaDataLimitBytes = 100 * 1024;

const texts = ['body', 'context', 'style', 'scope'] as const;

const styles: readonly AnnotationStyle[] = ['default', 'success', 'info', 'warning', 'error'];

/** What is asked of an annotation, as it came over the wire; `jobId` owns it in the scope `job`. */
interface AnnotationSpec {
  readonly body?: string;
  readonly context?: string;
  readonly style?: string;
  readonly append?: boolean;
  readonly priority?: number;
  readonly scope?: string;
  readonly jobId?: string;
}

/** What jobs and people leave on a build. A text in answer to a change says why nothing was changed. */
export interface Notes {
  /** One per context, scope and job: replaces it, or appends to it; without a body it changes the style alone. */
  annotate(build: Build, spec: AnnotationSpec): Annotation | string;
  /** False if there is none. */
  removeAnnotation(
    build: Build,
    which: { context: string; scope?: string; jobId?: string | undefined },
  ): boolean;
  /** All or nothing; the last write of a key wins. Undefined when done. */
  setMetaData(build: Build, items: readonly { key: string; value: string }[]): string | undefined;
}

export function notes(state: ModelState): Notes {
  const find = (build: Build, context: string, scope: string, jobId: string | null) =>
    build.annotations.findIndex(
      (known) => known.context === context && known.scope === scope && known.jobId === jobId,
    );
  return {
    annotate({ number }, spec) {
      const build = buildOf(state, number);
      const noText = texts.find((name) => spec[name] !== undefined && typeof spec[name] !== 'string');
      if (noText !== undefined) return `${noText} must be a text`;
      const { context = 'default', scope = 'build', append = false } = spec;
      const jobId = scope === 'job' ? (spec.jobId ?? null) : null;
      const index = find(build, context, scope, jobId);
      const old = build.annotations[index];
      const body = append ? `${old?.body ?? ''}${spec.body ?? ''}` : (spec.body ?? old?.body ?? '');
      const problem = problemOf(spec, body);
      if (problem !== undefined) return problem;
      const now = state.clock.now();
      const annotation: Annotation = {
        id: old?.id ?? randomUUID(),
        context,
        style: (spec.style ?? old?.style ?? 'default') as AnnotationStyle,
        body,
        scope: scope as Annotation['scope'],
        jobId,
        priority: spec.priority ?? old?.priority ?? 3,
        createdAt: old?.createdAt ?? now,
        updatedAt: now,
      };
      if (old === undefined) build.annotations.push(annotation);
      else build.annotations[index] = annotation;
      tellNote(state, build, { context, annotation });
      return annotation;
    },
    removeAnnotation({ number }, { context, scope = 'build', jobId }) {
      const build = buildOf(state, number);
      const index = find(build, context, scope, scope === 'job' ? (jobId ?? null) : null);
      if (index < 0) return false;
      build.annotations.splice(index, 1);
      tellNote(state, build, { context, annotation: null });
      return true;
    },
    setMetaData({ number }, items) {
      const build = buildOf(state, number);
      for (const { key, value } of items) {
        if (key.trim() === '') return "Key can't be blank";
        if (key.startsWith('buildkite:'))
          return `Key ${key} is reserved: keys must not begin with buildkite:`;
        if (value === '') return `Value of ${key} can't be blank`;
        if (Buffer.byteLength(value) > metaDataLimitBytes) return `Value of ${key} is over 100 kB`;
      }
      const added = Object.fromEntries(items.map(({ key, value }) => [key, value]));
      build.metaData = { ...build.metaData, ...added };
      tellNote(state, build, { metaData: added });
    },
  };
}

function problemOf(spec: AnnotationSpec, body: string): string | undefined {
  const { context = 'default', style = 'default', priority = 3, scope = 'build' } = spec;
  if (body === '') return "Body can't be blank";
  if (Buffer.byteLength(body) > annotationLimitBytes) return 'Body is over 1 MiB';
  if (context === '' || context.length > 100) return 'Context must have 1 to 100 characters';
  if (!styles.some((known) => known === style))
    return `Style must be one of ${styles.join(', ')}; found ${style}`;
  if (!Number.isInteger(priority) || priority < 1 || priority > 10) return 'Priority must be from 1 to 10';
  return scope === 'build' || scope === 'job' ? undefined : `Scope must be build or job; found ${scope}`;
}
