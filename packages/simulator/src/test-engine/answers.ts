/** A test as Test Engine knows it. */
export interface EngineTest {
  readonly scope: string;
  readonly name: string;
}

/** The plan of a step, as far as it speaks of muted tests. */
export interface EnginePlan {
  readonly identifier: string;
  readonly muted: readonly EngineTest[];
}

/** An answer that is not yet on the wire. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const notFound: Answer = { status: 404, body: { message: 'Not Found' } };

/** One page of a suite's muted tests; all but the last name the next one. */
export function listPage(url: URL, tests: readonly EngineTest[], pageSize: number): Answer {
  const page = Number(url.searchParams.get('page') ?? 1);
  const first = (page - 1) * pageSize;
  const body = tests.slice(first, first + pageSize).map(({ scope, name }, index) => ({
    id: `00000000-0000-4000-8000-${String(first + index).padStart(12, '0')}`,
    url: `${url.origin}/tests/${first + index}`,
    web_url: `${url.origin}/web/${first + index}`,
    scope,
    name,
    location: null,
    file_name: null,
  }));
  if (first + pageSize >= tests.length) return { status: 200, body };
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  return { status: 200, body, headers: { link: `<${next.href}>; rel="next"` } };
}

/** Muted tests as a plan names them. */
export function mutedEntries(tests: readonly EngineTest[]) {
  return tests.map(({ scope, name }) => ({ path: '', scope, name }));
}

/** The plan of a step, if it is this one. */
export function describePlan(plan: EnginePlan | undefined, identifier: string | null): Answer {
  if (plan === undefined || plan.identifier !== identifier) return notFound;
  return {
    status: 200,
    body: {
      identifier,
      parallelism: 1,
      experiment: '',
      tasks: { '0': { node_number: 0, tests: [] } },
      muted_tests: mutedEntries(plan.muted),
      skipped_tests: [],
      timing_metadata: {},
    },
  };
}
