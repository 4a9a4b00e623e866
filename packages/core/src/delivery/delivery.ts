import type { ChannelMessage, DeliverySetup, DeliverySummary } from '../channel/channel.ts';
import { type Decision, decide, type HoldReason } from '../decision/decide.ts';
import { countFailures } from '../decision/standing.ts';
import type { JobShare } from '../job/job-share.ts';
import type { Layers } from '../layers/layers.ts';
import type { Log } from '../log.ts';
import type { MutedList } from '../muted/index.ts';
import type { DeclareRequest, DeclareResult, DeclarerName, RunError, TestIdentity } from '../vocabulary.ts';
import { type Coalescer, createCoalescer } from './coalesce.ts';
import { describeVerdict } from './describe-verdict.ts';
import { type FailedTest, Failures } from './failures.ts';
import { MutedTests } from './muted-tests.ts';
import { describeFailures, displayName } from './reason.ts';
import { createHoldTeller } from './tell-hold.ts';

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

const flipperHold: HoldReason = 'a layer around the runner may change the exit status';

/**
 * The far side of the channel: keeps the failures, asks the decision after each change, and declares at most
 * one thing at a time. Works while the runner's thread is busy.
 */
export class Delivery {
  readonly #setup: DeliverySetup;
  readonly #parts: DeliveryParts;
  readonly #failures = new Failures();
  readonly #muted: MutedTests;
  readonly #looks: Coalescer<undefined>;
  readonly #tellHold: (because: HoldReason) => void;
  /** Told only if a promise was made, which may be under way while the pass arrives. */
  readonly #contradicted: string[] = [];
  #exitStatus: number;
  #total: number | undefined;
  #cancelled = false;
  #ended = false;
  /** Failed tests that nobody has decided about. */
  #suspects = 0;
  #promise: DeliverySummary['promise'];
  #because: DeliverySummary['because'];
  /** A failure has come since the last declaration: after a transient refusal only that tries again. */
  #newFailure = false;
  #sequence = 0;
  #settling = false;
  #changes = 0;

  constructor(setup: DeliverySetup, parts: DeliveryParts) {
    this.#setup = setup;
    this.#parts = parts;
    this.#exitStatus = setup.config.exitStatus;
    this.#muted = new MutedTests(
      parts.loadMuted,
      parts.log,
      (list) => this.#applyMuted(list),
      () => this.#lookAfresh(),
    );
    this.#tellHold = createHoldTeller(parts.log);
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

  get summary(): DeliverySummary {
    return {
      ...(this.#promise && { promise: this.#promise }),
      ...(this.#because && { because: this.#because }),
      ...(this.#because === flipperHold && { heldBy: this.#parts.layers.flippers.join(' and ') }),
      hard: this.#failures.hard,
      muted: this.#failures.namesOf(true),
      contradicted: this.#promise === undefined ? [] : this.#contradicted,
    };
  }

  #fold(message: ChannelMessage): void {
    const { job, log } = this.#parts;
    switch (message.type) {
      case 'failed':
        this.#addFailedTest(job.keyOf(message.id), message.test);
        return;
      case 'run error':
        this.#suspects += message.suspects ?? 0;
        this.#addRunError(message.error, message.exitStatus);
        return;
      case 'contradicted':
        this.#contradict(job.keyOf(message.id));
        return;
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
        this.#ended = true;
        this.#newFailure ||= this.#failures.weak.size > 0;
        job.record({ type: 'end', at: this.#parts.now(), ...(message.cutShort && { cutShort: true }) });
    }
  }

  #addFailedTest(key: string, test: TestIdentity): void {
    if (this.#failures.tests.has(key)) return;
    const failure = { test, name: displayName(test, this.#parts.redact), muted: this.#muted.has(test) };
    this.#failures.tests.set(key, failure);
    this.#newFailure = true;
    this.#recordFailure(key, failure);
    this.#muted.ask();
  }

  #addRunError(error: RunError, exitStatus: number | undefined): void {
    const { job, layers, redact } = this.#parts;
    const key = job.keyOf(`${error.kind}\0${error.where ?? ''}\0${error.message}`);
    if (this.#failures.runErrors.has(key)) return;
    if (exitStatus !== undefined) this.#exitStatus = exitStatus;
    // Of a file without tests bktec makes an error that it never forgives (internal/runner/jest.go, vitest.go).
    const weak = error.kind === 'exit' || (layers.bktec && error.kind !== 'file');
    this.#failures.runErrors.set(key, error);
    if (weak) this.#failures.weak.add(key);
    this.#newFailure = true;
    job.record({ type: 'run error', key, name: redact(error.message), ...(weak && { weak }) });
    if (weak) this.#muted.ask();
    if (error.kind === 'exit') this.#ended = true;
  }

  #contradict(key: string): void {
    const failure = this.#failures.tests.get(key);
    if (failure === undefined) return;
    this.#failures.tests.delete(key);
    this.#parts.job.record({ type: 'passed', key });
    if (failure.muted !== true) this.#contradicted.push(failure.name);
  }

  #applyMuted(list: MutedList): void {
    this.#failures.apply(list);
    for (const [key, failure] of this.#failures.tests) this.#recordFailure(key, failure);
  }

  #lookAfresh(): void {
    this.#newFailure = true;
    this.#reconsider();
  }

  #recordFailure(key: string, { name, muted }: FailedTest): void {
    this.#parts.job.record({ type: 'failed', key, name, muted });
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
    if (!this.#muted.underWay) this.#parts.onSettled(this.#sequence, this.summary);
  }

  async #declareIfCertain(): Promise<void> {
    if (this.#promise !== undefined || !this.#newFailure) return;
    let decision = this.#decide(undefined);
    if (decision.promise) decision = this.#decide(this.#parts.job.agreeOnExitStatus(decision.exitStatus));
    if (!decision.promise) {
      this.#because = decision.because;
      this.#tellHold(decision.because);
      return;
    }
    this.#newFailure = false;
    const request = { exitStatus: decision.exitStatus, reason: this.#describe(decision.hardFailures) };
    const { result, by } = await this.#parts.declare(request);
    if (result.accepted) {
      this.#promise = { exitStatus: decision.exitStatus, at: this.#parts.now(), by };
      this.#because = undefined;
    } else {
      this.#because =
        result.verdict === 'terminal' ? 'Buildkite refused it' : 'Buildkite could not be reached';
    }
    describeVerdict(this.#parts.log, request, result, by);
  }

  #decide(agreedExitStatus: number | undefined): Decision {
    const { config, runner, rootDir, startedAt } = this.#setup;
    const { layers, job } = this.#parts;
    const own = {
      ...{ runner, root: rootDir, startedAt, exitStatus: this.#exitStatus, total: this.#total },
      ...{ family: layers.family, endedAt: undefined, overflow: false, ...this.#failures.view },
    };
    const counts = countFailures(own, job.others(), layers.outerRetries);
    return decide(
      {
        testFailures: counts.testFailures + this.#failures.count('unknown'),
        runErrors: counts.runErrors,
        weakRunErrors: counts.weakRunErrors,
        mutedFailures: this.#failures.count(true) + this.#suspects,
        ended: this.#ended,
        awaitingRetry: counts.awaitingRetry,
        total: counts.total,
        muted: this.#muted.state,
        cancelled: this.#cancelled,
        flippers: layers.flippers,
        agreedExitStatus,
      },
      { threshold: config.threshold, exitStatus: this.#exitStatus },
    );
  }

  #describe(hardFailures: number): string {
    const { redact } = this.#parts;
    const runErrors = [...this.#failures.runErrors.values()];
    return redact(describeFailures(this.#failures.testsOf(false), runErrors, hardFailures, redact));
  }
}
