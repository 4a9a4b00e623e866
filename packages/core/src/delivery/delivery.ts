import type { ChannelMessage, DeliverySetup, DeliverySummary } from '../channel/channel.ts';
import { type Decision, decide, type HoldReason, type MutedKnowledge } from '../decision/decide.ts';
import { countFailures } from '../decision/standing.ts';
import type { RunView } from '../job/job-ledger.ts';
import type { JobShare } from '../job/job-share.ts';
import type { Layers } from '../layers/layers.ts';
import type { Log } from '../log.ts';
import type { MutedList } from '../muted/index.ts';
import type { DeclareRequest, DeclareResult, DeclarerName, RunError, TestIdentity } from '../vocabulary.ts';
import { type Coalescer, createCoalescer } from './coalesce.ts';
import { describeVerdict } from './describe-verdict.ts';
import { type FailedTest, FailedTests } from './failed-tests.ts';
import { describeFailures, displayName } from './reason.ts';

/** The effects and the surroundings of a delivery. */
export interface DeliveryParts {
  declare(request: DeclareRequest): Promise<{ readonly result: DeclareResult; readonly by: DeclarerName }>;
  /** Fetches the list of muted tests, asked for on the first failed test; `undefined` when nothing is muted. */
  readonly loadMuted: (() => Promise<MutedList>) | undefined;
  readonly layers: Layers;
  readonly job: JobShare;
  readonly log: Log;
  readonly redact: (text: string) => string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Called whenever nothing is under way any more, with the number of messages dealt with. */
  readonly onSettled: (sequence: number, summary: DeliverySummary) => void;
}

/**
 * The far side of the channel: keeps the failures, asks the decision after each change, and declares at most
 * one thing at a time. Works while the runner's thread is busy.
 */
export class Delivery {
  readonly #setup: DeliverySetup;
  readonly #parts: DeliveryParts;
  readonly #failed = new FailedTests();
  readonly #runErrors = new Map<string, RunError>();
  /** Told only if a promise was made, which may be under way while the pass arrives. */
  readonly #contradicted: string[] = [];
  #exitStatus: number;
  #total: number | undefined;
  #cancelled = false;
  #muted: { state: MutedKnowledge; list?: MutedList };
  #promise: DeliverySummary['promise'];
  #because: DeliverySummary['because'];
  /** A failure has come since the last declaration: after a transient refusal only that tries again. */
  #newFailure = false;
  readonly #looks: Coalescer<undefined>;
  #sequence = 0;
  #settling = false;
  #changes = 0;
  #mutedUnderWay = false;
  #toldHold: HoldReason | undefined;

  constructor(setup: DeliverySetup, parts: DeliveryParts) {
    this.#setup = setup;
    this.#parts = parts;
    this.#exitStatus = setup.config.exitStatus;
    this.#muted = { state: parts.loadMuted === undefined ? 'none' : 'loading' };
    this.#looks = createCoalescer(
      () => this.#declareIfCertain(),
      (error) => parts.log.warn(`could not declare the promised failure: ${String(error)}`),
    );
  }

  receive(message: ChannelMessage): void {
    this.#sequence++;
    this.#fold(message);
    this.#reconsider();
  }

  #fold(message: ChannelMessage): void {
    const { job, log, redact } = this.#parts;
    switch (message.type) {
      case 'failed':
        this.#addFailure(this.#keyOf(message.id), message.test);
        return;
      case 'run error': {
        const key = this.#keyOf(
          `${message.error.kind}\0${message.error.where ?? ''}\0${message.error.message}`,
        );
        if (this.#runErrors.has(key)) return;
        if (message.exitStatus !== undefined) this.#exitStatus = message.exitStatus;
        this.#runErrors.set(key, message.error);
        this.#newFailure = true;
        job.record({ type: 'run error', key, name: redact(message.error.message) });
        return;
      }
      case 'contradicted': {
        const key = this.#keyOf(message.id);
        const failure = this.#failed.byKey.get(key);
        if (failure === undefined) return;
        this.#failed.byKey.delete(key);
        job.record({ type: 'passed', key });
        if (failure.muted !== true) this.#contradicted.push(failure.name);
        return;
      }
      case 'total':
        this.#total = message.total;
        job.record({ type: 'total', total: message.total });
        return;
      case 'cancelled':
        this.#cancelled = true;
        return;
      case 'trouble':
        log.warn(message.text);
        return;
      case 'end':
        job.record({ type: 'end', at: this.#parts.now(), ...(message.cutShort && { cutShort: true }) });
    }
  }

  #addFailure(key: string, test: TestIdentity): void {
    if (this.#failed.byKey.has(key)) return;
    const { list, state } = this.#muted;
    const muted = state === 'none' ? false : list === undefined ? 'unknown' : list.match(test) !== undefined;
    const failure: FailedTest = { test, name: displayName(test, this.#parts.redact), muted };
    this.#failed.byKey.set(key, failure);
    this.#newFailure = true;
    this.#recordFailure(key, failure);
    if (state === 'loading') this.#loadMuted();
  }

  #recordFailure(key: string, { name, muted }: FailedTest): void {
    this.#parts.job.record({ type: 'failed', key, name, muted });
  }

  /** Beside the rest: a run error needs no list and must not wait for one. */
  #loadMuted(): void {
    if (this.#mutedUnderWay || this.#parts.loadMuted === undefined) return;
    this.#mutedUnderWay = true;
    this.#parts
      .loadMuted()
      .then(
        (list) => this.#applyMuted(list),
        (error: unknown) => {
          this.#muted = { state: 'unavailable' };
          const why = error instanceof Error ? error.message : String(error);
          this.#parts.log.warn(
            `${why}; no failed test is promised without the list of muted tests, the job's own exit status says the rest`,
          );
        },
      )
      .catch((error: unknown) => this.#parts.log.warn(`muted tests: ${String(error)}`))
      .finally(() => {
        this.#mutedUnderWay = false;
        this.#newFailure = true;
        this.#reconsider();
      });
  }

  #applyMuted(list: MutedList): void {
    this.#muted = { state: 'known', list };
    this.#failed.apply(list);
    for (const [key, failure] of this.#failed.byKey) this.#recordFailure(key, failure);
  }

  /** Asks the decision again, now or when the declaration under way has its verdict: many changes, one look. */
  #reconsider(): void {
    this.#changes++;
    this.#looks.push(undefined);
    if (this.#settling) return;
    this.#settling = true;
    void this.#settle();
  }

  async #settle(): Promise<void> {
    // A change that comes between the end of a look and our learning of it has a look of its own.
    for (let seen = -1; seen !== this.#changes; ) {
      seen = this.#changes;
      await this.#looks.idle();
    }
    this.#settling = false;
    if (!this.#mutedUnderWay) this.#parts.onSettled(this.#sequence, this.summary);
  }

  async #declareIfCertain(): Promise<void> {
    if (this.#promise !== undefined || !this.#newFailure) return;
    let decision = this.#decide(undefined);
    if (decision.promise) decision = this.#decide(this.#parts.job.agreeOnExitStatus(decision.exitStatus));
    if (!decision.promise) {
      this.#hold(decision.because);
      return;
    }
    this.#newFailure = false;
    const reason = this.#describe(decision.hardFailures);
    const { result, by } = await this.#parts.declare({ exitStatus: decision.exitStatus, reason });
    if (result.accepted) {
      this.#promise = { exitStatus: decision.exitStatus, at: this.#parts.now(), by };
      this.#because = undefined;
    } else {
      this.#because =
        result.verdict === 'terminal' ? 'Buildkite refused it' : 'Buildkite could not be reached';
    }
    describeVerdict(this.#parts.log, { exitStatus: decision.exitStatus, reason }, result, by);
  }

  #decide(agreedExitStatus: number | undefined): Decision {
    const { config } = this.#setup;
    const counts = countFailures(this.#view, this.#parts.job.others(), this.#parts.layers.outerRetries);
    return decide(
      {
        testFailures: counts.testFailures + this.#failed.count('unknown'),
        runErrors: counts.runErrors,
        total: counts.total,
        muted: this.#muted.state,
        cancelled: this.#cancelled,
        flippers: this.#parts.layers.flippers,
        agreedExitStatus,
      },
      { threshold: config.threshold, exitStatus: this.#exitStatus },
    );
  }

  #hold(because: HoldReason): void {
    this.#because = because;
    if (this.#toldHold === because) return;
    this.#toldHold = because;
    const { flippers } = this.#parts.layers;
    if (because === 'a layer around the runner may change the exit status') {
      this.#parts.log.info(
        `nothing is promised early, because ${flippers.join(' and ')} may change the exit status`,
      );
    } else {
      this.#parts.log.debug(`not promised yet: ${because}`);
    }
  }

  #describe(hardFailures: number): string {
    const text = describeFailures(
      this.#failed.testsOf(false),
      [...this.#runErrors.values()],
      hardFailures,
      this.#parts.redact,
    );
    return this.#parts.redact(text);
  }

  get #view(): RunView {
    const { runner, rootDir, startedAt } = this.#setup;
    return {
      ...{ runner, root: rootDir, startedAt, exitStatus: this.#exitStatus, total: this.#total },
      ...{ endedAt: undefined, overflow: false, failed: this.#failed.byKey },
      runErrors: new Map([...this.#runErrors].map(([key, error]) => [key, error.message])),
    };
  }

  get summary(): DeliverySummary {
    return {
      ...(this.#promise && { promise: this.#promise }),
      ...(this.#because && { because: this.#because }),
      hard: this.#failed.count(false) + this.#failed.count('unknown') + this.#runErrors.size,
      muted: this.#failed.namesOf(true),
      contradicted: this.#promise === undefined ? [] : this.#contradicted,
    };
  }

  #keyOf(id: string): string {
    return this.#parts.job.keyOf(id);
  }
}
