import type { Config } from '../config/config.ts';
import type { HoldReason } from '../decision/decide.ts';
import type { Env } from '../env.ts';
import type {
  DeclareRequest,
  DeclarerName,
  FailureDetail,
  RunError,
  RunnerName,
  TestIdentity,
} from '../vocabulary.ts';

/** What the session tells the delivery: facts about failures, never about passing tests. */
export type ChannelMessage =
  | {
      readonly type: 'failed';
      readonly id: string;
      readonly test: TestIdentity;
      readonly detail?: FailureDetail;
    }
  /** Further failed tests, of whom nothing but their number is of use any more. */
  | { readonly type: 'more'; readonly count: number }
  | { readonly type: 'contradicted'; readonly id: string; readonly test: TestIdentity }
  /** `suspects`: failed tests that nobody has decided about, which may account for an exit status. */
  | {
      readonly type: 'run error';
      readonly error: RunError;
      readonly exitStatus?: number;
      readonly suspects?: number;
    }
  /** Before the failure that made it certain: what the runner's own thread has asked of the agent. */
  | { readonly type: 'sent'; readonly request: DeclareRequest }
  | { readonly type: 'total'; readonly total: number }
  | { readonly type: 'cancelled' }
  | { readonly type: 'trouble'; readonly text: string }
  /** `at` is in monotonic milliseconds, `flaky` a number of tests. */
  | { readonly type: 'end'; readonly cutShort?: boolean; readonly at?: number; readonly flaky?: number }
  /** The last moment of the process, for those who keep its exit status. */
  | { readonly type: 'exit'; readonly status: number };

/** What the delivery is started with; plain data, because it crosses into another thread. */
export interface DeliverySetup {
  readonly runner: RunnerName;
  readonly rootDir: string;
  /** Working directory of the run, which a test may change. */
  readonly cwd: string;
  /** Arguments of the runner that name its configuration. */
  readonly flags: readonly string[];
  readonly config: Config;
  readonly env: Env;
  readonly execArgv: readonly string[];
  /** Datadog's tracer is loaded in the runner's thread. */
  readonly tracer: boolean;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
}

/** What came of it, as far as it is known. */
export interface DeliverySummary {
  /** The promise, with the monotonic time of its acceptance and the way it took. */
  readonly promise?: {
    readonly exitStatus: number;
    readonly at: number;
    readonly by: DeclarerName;
    /** `debounced`: another process of the job had promised the same. */
    readonly outcome: 'declared' | 'debounced';
  };
  /** Why there is none. */
  readonly because?: HoldReason | 'Buildkite refused it' | 'Buildkite could not be reached';
  /** The layers around the runner for which everything is held. */
  readonly heldBy?: string;
  readonly hard: number;
  /** Who else fails makes no difference any more, only how many. */
  readonly enough: boolean;
  /** Tests that failed and are muted. */
  readonly muted: SomeTests;
  /** Ids of those tests, for the runner's side, once the run is over; of a storm the first thousand. */
  readonly mutedIds?: readonly string[];
  /** Tests that passed after they had been promised as failed for good. */
  readonly contradicted: SomeTests;
}

/** What a delivery that is late is waiting for. */
export type Awaited = 'the declaration' | 'the list of muted tests' | 'the annotation';

/** How many there are, and the names of the first few, redacted. */
export interface SomeTests {
  readonly count: number;
  readonly names: readonly string[];
}

/**
 * The way from the session to the delivery. Posting never waits. Draining waits until everything posted is dealt
 * with, at most `timeoutMs`, and gives the summary; what it waits for when the time was up; `undefined` when the delivery
 * has broken down, which `OpenChannel`'s `onTrouble` was told. What is posted later starts it anew.
 */
export interface Channel {
  /** Gets ready to deliver, where a failure is likely: what is posted later leaves sooner. */
  warm(): void;
  post(message: ChannelMessage): void;
  drain(timeoutMs: number): Promise<DeliverySummary | Awaited | undefined>;
  /** The same for the last moments of a process, when nothing asynchronous runs any more; ends what it has begun. Blocks. */
  drainSync(timeoutMs: number): void;
}

export type OpenChannel = (setup: DeliverySetup, onTrouble: (error: unknown) => void) => Channel;
