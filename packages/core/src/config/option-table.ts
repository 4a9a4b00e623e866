import type { RunnerName, Threshold } from '../vocabulary.ts';
import { flag, type Kind, mutedList, oneOf, text, threshold, whole } from './kinds.ts';
import type { MutedOption, Order, Settle } from './options.ts';

/** All there is to say of one option: the configuration, the messages and the tables of the READMEs come from it. */
export interface OptionRow<T> {
  readonly kind: Kind<NonNullable<T>>;
  /** The variable of the same meaning; an option without one is given in the configuration only. */
  readonly variable?: string;
  readonly default: T;
  /** The default as the READMEs tell it. */
  readonly shown: string;
  /** What it means, in one sentence of the READMEs. */
  readonly meaning: string;
  /** The runners whose reporters take it; absent for all. */
  readonly runners?: readonly RunnerName[];
}

interface Table {
  readonly threshold: OptionRow<Threshold>;
  readonly exitStatus: OptionRow<number | undefined>;
  readonly drainTimeoutMs: OptionRow<number>;
  readonly outerRetries: OptionRow<number | undefined>;
  readonly exitWrapper: OptionRow<string | undefined>;
  readonly muted: OptionRow<readonly MutedOption[]>;
  readonly mutedFile: OptionRow<string | undefined>;
  readonly mutedSuite: OptionRow<string | undefined>;
  readonly settle: OptionRow<Settle>;
  readonly order: OptionRow<Order>;
  readonly history: OptionRow<string | undefined>;
  readonly base: OptionRow<string | undefined>;
  readonly annotate: OptionRow<boolean>;
  readonly evidence: OptionRow<string | undefined>;
  readonly debug: OptionRow<boolean>;
}

export const optionTable: Table = {
  threshold: {
    kind: threshold,
    variable: 'PROMISE_FAILURE_THRESHOLD',
    default: { count: 1 },
    shown: '`1`',
    meaning: 'hard failures needed, or a share such as `5%` of a total that is certain',
  },
  exitStatus: {
    kind: whole(1, 255),
    variable: 'PROMISE_FAILURE_EXIT_STATUS',
    default: undefined,
    shown: "the runner's",
    meaning: 'exit status to promise, 1 to 255',
  },
  drainTimeoutMs: {
    kind: whole(0, 600_000),
    variable: 'PROMISE_FAILURE_DRAIN_TIMEOUT_MS',
    default: 5000,
    shown: '`5000`',
    meaning: 'how long the end of the run waits for a pending declaration',
  },
  outerRetries: {
    kind: whole(0, 100),
    variable: 'PROMISE_FAILURE_OUTER_RETRIES',
    default: undefined,
    shown: "bktec's, else `0`",
    meaning: 'how often a wrapper runs failed tests again in a new process',
  },
  exitWrapper: {
    kind: text,
    variable: 'PROMISE_FAILURE_EXIT_WRAPPER',
    default: undefined,
    shown: 'none',
    meaning: 'names a wrapper that may turn a failed run green: nothing is promised early',
  },
  muted: {
    kind: mutedList,
    default: [],
    shown: 'none',
    meaning: 'tests whose failures must not count',
  },
  mutedFile: {
    kind: text,
    variable: 'PROMISE_FAILURE_MUTED_FILE',
    default: undefined,
    shown: 'none',
    meaning: 'a file that lists them',
  },
  mutedSuite: {
    kind: text,
    variable: 'PROMISE_FAILURE_MUTED_SUITE',
    default: undefined,
    shown: 'none',
    meaning: 'a Test Engine suite, `organization/suite`, whose muted tests are respected',
  },
  settle: {
    kind: oneOf('attempt', 'file'),
    variable: 'PROMISE_FAILURE_SETTLE',
    default: 'attempt',
    shown: "`'attempt'`",
    meaning:
      "what decides that a test has failed for good: its last attempt, or the result of its whole file (`'file'`), which neither a crashing worker nor a hook that rewrites results can take back",
    runners: ['jest', 'vitest'],
  },
  order: {
    kind: oneOf('off', 'red-first'),
    variable: 'PROMISE_FAILURE_ORDER',
    default: 'off',
    shown: "`'off'`",
    meaning: "`'red-first'` runs first what will probably fail, with or without a promise",
  },
  history: {
    kind: text,
    variable: 'PROMISE_FAILURE_HISTORY',
    default: undefined,
    shown: 'none',
    meaning: 'file (`.json`) or folder in which that order remembers failures from build to build',
  },
  base: {
    kind: text,
    variable: 'PROMISE_FAILURE_BASE',
    default: undefined,
    shown: "the pull request's, else the pipeline's",
    meaning: 'branch against which that order measures what has changed',
  },
  annotate: {
    kind: flag,
    variable: 'PROMISE_FAILURE_ANNOTATE',
    default: false,
    shown: '`false`',
    meaning: 'shows on the build, from the promise on, what has failed and how to run it again',
  },
  evidence: {
    kind: text,
    variable: 'PROMISE_FAILURE_EVIDENCE',
    default: undefined,
    shown: 'none',
    meaning: 'file (`.json`) or folder in which the same is kept as JSON, also of a dry run',
  },
  debug: {
    kind: flag,
    variable: 'PROMISE_FAILURE_DEBUG',
    default: false,
    shown: '`false`',
    meaning: 'the whole story on stderr, secrets excepted',
  },
};

export type OptionName = keyof Table;

/** What all options come to: each one's own value, else its variable's, else its default. */
export type OptionValues = { readonly [N in OptionName]: Table[N]['default'] };

export const optionNames = Object.keys(optionTable) as readonly OptionName[];

/** The names of the options that the reporter of `runner` takes. */
export function optionsOf(runner: RunnerName): readonly OptionName[] {
  return optionNames.filter((name) => optionTable[name].runners?.includes(runner) ?? true);
}
