import { type EngineTest, mutedEntries } from './answers.ts';

/** One thing to run of a plan, as the client named it. */
type PlannedTest = Readonly<Record<string, unknown>>;

/** A plan on the wire. Source: buildkite/test-engine-client internal/plan/type.go. */
interface TestPlan {
  readonly identifier: string;
  readonly parallelism: number;
  readonly experiment: string;
  readonly tasks: Readonly<
    Record<string, { readonly node_number: number; readonly tests: readonly PlannedTest[] }>
  >;
  readonly muted_tests: readonly PlannedTest[];
  readonly skipped_tests: readonly PlannedTest[];
  readonly timing_metadata: Readonly<Record<string, never>>;
}

/** The plans of one suite: each is made once, by the first node that asks. */
export interface Plans {
  get(identifier: string): TestPlan | undefined;
  /** Deals the tests that the request names out to its nodes; a text says what is wrong with the request. */
  create(request: Readonly<Record<string, unknown>>): TestPlan | string;
}

/** Creates an empty store; the muted tests are those of the moment when a plan is asked for. */
export function createPlans(muted: () => readonly EngineTest[]): Plans {
  const made = new Map<string, TestPlan>();
  const withMuted = (plan: TestPlan): TestPlan => ({ ...plan, muted_tests: mutedEntries(muted()) });
  return {
    get(identifier) {
      const plan = made.get(identifier);
      return plan && withMuted(plan);
    },
    create({ identifier, parallelism = 1, tests }) {
      if (typeof identifier !== 'string' || identifier === '') return "Identifier can't be blank";
      if (typeof parallelism !== 'number' || !Number.isInteger(parallelism) || parallelism < 1) {
        return 'Parallelism must be a whole number of at least 1';
      }
      const plan = made.get(identifier) ?? deal(identifier, parallelism, testsOf(tests));
      made.set(identifier, plan);
      return withMuted(plan);
    },
  };
}

function deal(identifier: string, parallelism: number, tests: readonly PlannedTest[]): TestPlan {
  const nodes = Array.from({ length: parallelism }, (_, node) => {
    const own = tests.filter((_test, index) => index % parallelism === node);
    return [String(node), { node_number: node, tests: own }] as const;
  });
  const tasks = Object.fromEntries(nodes);
  const lists = { muted_tests: [], skipped_tests: [], timing_metadata: {} };
  return { identifier, parallelism, experiment: '', tasks, ...lists };
}

function testsOf(tests: unknown): PlannedTest[] {
  const { files = [], examples = [], selectors = [] } = Object(tests) as Record<string, PlannedTest[]>;
  return [
    ...files.map((test) => ({ ...test, format: 'file' })),
    ...examples.map((test) => ({ ...test, format: 'example' })),
    ...selectors.map((test) => ({ ...test, format: 'selector' })),
  ];
}
