import type { Awaited, ChannelMessage, DeliverySetup, DeliverySummary } from '../channel/channel.ts';
import type { HoldReason } from '../decision/decide.ts';
import type { Declare } from '../declarers/fallback.ts';
import type { JobShare } from '../job/job-share.ts';
import { bktecForgives } from '../layers/bktec.ts';
import type { Layers } from '../layers/layers.ts';
import type { Log } from '../log.ts';
import type { MutedList } from '../muted/index.ts';
import { type Sleep, sleep as sleepReally } from '../sleep.ts';
import type { DeclareRequest, RunError, TestIdentity } from '../vocabulary.ts';
import { type Coalescer, createCoalescer } from './coalesce.ts';
import { type Coordinator, createCoordinator } from './coordinator.ts';
import { describeVerdict } from './describe-verdict.ts';
import { type EvidenceKeeper, EvidenceLink } from './evidence-link.ts';
import { Failures, mostNames } from './failures.ts';
import { MutedTests } from './muted-tests.ts';
import { describeFailures, displayName } from './reason.ts';
import { RunStanding } from './run-standing.ts';
import { createHoldTeller } from './tell-hold.ts';

/** The effects and the surroundings of a delivery. */
export interface DeliveryParts {
  readonly declare: Declare;
  /** Fetches the list of muted tests, asked for on the first failed test; `undefined` when nothing is muted. */
  readonly loadMuted: (() => Promise<MutedList>) | undefined;
  /** Opens what keeps the evidence; `undefined` where nobody wants any. */
  readonly openEvidence?: (() => Promise<EvidenceKeeper>) | undefined;
  readonly layers: Layers;
  readonly job: JobShare;
  readonly log: Log;
  readonly redact: (text: string) => string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly sleep?: Sleep;
  /** Called whenever nothing is under way any more, with the number of messages dealt with. */
  readonly onSettled: (sequence: number, summary: DeliverySummary) => void;
  /** Called before each wait, with what a run that ends meanwhile waits for. */
  readonly onAwaits?: ((what: Awaited) => void) | undefined;
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
  readonly #standing: RunStanding;
  readonly #muted: MutedTests;
  readonly #looks: Coalescer<undefined>;
  readonly #coordinator: Coordinator;
  /** Ends with the run's cancellation: what is not declared by then shall not be. */
  readonly #wanted = new AbortController();
  readonly #tellHold: (because: HoldReason) => void;
  readonly #evidence: EvidenceLink;
  /** Told only if a promise was made, which may be under way while the pass arrives. */
  readonly #contradicted = { count: 0, names: [] as string[] };
  #mutedNames: readonly string[] = [];
  #promise: DeliverySummary['promise'];
  #because: DeliverySummary['because'];
  #sent: DeclareRequest | undefined;
  /** The decision has been for a promise, whatever became of it. */
  #certain = false;
  /** At the end one more declaration is due, whenever the last one was; after that none. */
  #lastTry: 'none yet' | 'due' | 'made' = 'none yet';
  #sequence = 0;
  #settling = false;
  #changes = 0;

  constructor(setup: DeliverySetup, parts: DeliveryParts) {
    this.#setup = setup;
    this.#parts = parts;
    const { declare, layers, job, now, sleep = sleepReally } = parts;
    this.#standing = new RunStanding(setup, { layers, job, now, sleep }, this.#failures);
    this.#muted = new MutedTests(
      parts.loadMuted,
      parts.log,
      (list) => this.#applyMuted(list),
      () => {
        if (this.#muted.state === 'unavailable') this.#failures.giveUp();
        this.#reconsider();
      },
    );
    this.#coordinator = createCoordinator(declare, {
      ...{ now, sleep, lifetime: this.#wanted.signal },
      onDue: () => this.#reconsider(),
    });
    this.#tellHold = createHoldTeller(parts.log);
    const view = () => ({ summary: this.summary, certain: this.#certain });
    this.#evidence = new EvidenceLink(parts.openEvidence, view, parts.log);
    this.#looks = createCoalescer(
      () => this.#declareIfCertain(),
      (error) => {
        if (this.#standing.cancelled) return;
        parts.log.warn(`could not declare the promised failure: ${String(error)}`);
      },
    );
  }

  receive(message: ChannelMessage): void {
    this.#sequence++;
    this.#fold(message);
    this.#reconsider();
  }

  get summary(): DeliverySummary {
    const { mutedIds } = this.#failures;
    return {
      ...(this.#promise && { promise: this.#promise }),
      ...(this.#because && { because: this.#because }),
      ...(this.#because === flipperHold && { heldBy: this.#parts.layers.flippers.join(' and ') }),
      hard: this.#failures.hard,
      enough: this.#isEnough,
      muted: { count: this.#failures.count(true), names: this.#mutedNames },
      // Asked for at the end alone: in a storm each word to the other thread would carry a thousand of them.
      ...(this.#standing.ended && mutedIds.length > 0 && { mutedIds }),
      contradicted: this.#promise === undefined ? { count: 0, names: [] } : this.#contradicted,
    };
  }

  /** Nothing is muted, shared or shown that a name could matter to, and no further verdict comes. */
  get #isEnough(): boolean {
    if (this.#standing.countsOthers || this.#muted.state !== 'none' || this.#evidence.wanted) return false;
    const waitMs = this.#coordinator.waitMs(this.#standing.exitStatus);
    return this.#promise !== undefined || waitMs === Number.POSITIVE_INFINITY;
  }

  #fold(message: ChannelMessage): void {
    const { job, log } = this.#parts;
    switch (message.type) {
      case 'failed':
        this.#addFailedTest(message);
        return;
      case 'more':
        this.#failures.addUnnamed(message.count);
        return;
      case 'run error':
        this.#standing.suspects += message.suspects ?? 0;
        this.#addRunError(message.error, message.exitStatus);
        return;
      case 'contradicted':
        this.#contradict(job.keyOf(message.id), message.test);
        return;
      case 'sent':
        this.#sent = message.request;
        return;
      case 'total':
        this.#standing.total = message.total;
        job.record({ type: 'total', total: message.total });
        return;
      case 'cancelled':
        this.#standing.cancelled = true;
        this.#wanted.abort();
        this.#evidence.cancel();
        return;
      case 'trouble':
        log.warn(message.text);
        return;
      case 'end':
        this.#standing.ended = true;
        if (this.#lastTry === 'none yet') this.#lastTry = 'due';
        job.record({ type: 'end', at: this.#parts.now(), ...(message.cutShort && { cutShort: true }) });
        this.#evidence.add({
          type: 'ended',
          at: message.at ?? this.#parts.now(),
          flaky: message.flaky ?? 0,
        });
        return;
      case 'exit':
        this.#evidence.add({ type: 'exited', status: message.status });
    }
  }

  #addFailedTest({ id, test, detail }: Extract<ChannelMessage, { readonly type: 'failed' }>): void {
    const key = this.#parts.job.keyOf(id);
    const muted = this.#muted.has(test);
    if (!this.#failures.addTest(key, id, test, muted)) return;
    this.#evidence.add({ type: 'failed', key, test, detail, muted: muted === true });
    if (this.#muted.state === 'unavailable') this.#failures.giveUp();
    this.#recordFailure(key, test, muted);
    if (muted === true && this.#mutedNames.length < mostNames) this.#showMuted();
    this.#muted.ask();
  }

  #addRunError(error: RunError, exitStatus: number | undefined): void {
    const { job, layers, redact } = this.#parts;
    const key = job.keyOf(`${error.kind}\0${error.where ?? ''}\0${error.message}`);
    const weak = error.kind === 'exit' || (layers.bktec && bktecForgives(this.#setup.runner, error.kind));
    if (!this.#failures.addRunError(key, error, weak)) return;
    this.#evidence.add({ type: 'run error', error });
    if (exitStatus !== undefined) this.#standing.exitStatus = exitStatus;
    if (job.tellsFailures) {
      job.record({ type: 'run error', key, name: redact(error.message), ...(weak && { weak }) });
    }
    if (weak) this.#muted.ask();
    if (error.kind === 'exit') this.#standing.ended = true;
  }

  #contradict(key: string, test: TestIdentity): void {
    const muted = this.#failures.remove(key);
    if (muted === undefined && !this.#failures.removeUnnamed()) return;
    this.#parts.job.record({ type: 'passed', key });
    this.#evidence.add({ type: 'passed', key });
    if (muted === true) {
      this.#showMuted();
      return;
    }
    this.#contradicted.count++;
    if (this.#contradicted.names.length < mostNames) this.#contradicted.names.push(this.#nameOf(test));
  }

  #applyMuted(list: MutedList): void {
    this.#failures.apply(list, (key, test, muted) => {
      this.#recordFailure(key, test, muted);
      if (muted) this.#evidence.add({ type: 'muted', key });
    });
    this.#showMuted();
  }

  /** Only what others read, or a person, is worth the redaction of a name. */
  #recordFailure(key: string, test: TestIdentity, muted: boolean | 'unknown'): void {
    const { job } = this.#parts;
    if (job.tellsFailures) job.record({ type: 'failed', key, name: this.#nameOf(test), muted });
  }

  #showMuted(): void {
    this.#mutedNames = this.#failures.shown(true).map((test) => this.#nameOf(test));
  }

  #nameOf(test: TestIdentity): string {
    return displayName(test, this.#parts.redact);
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
      this.#parts.onAwaits?.(this.#muted.underWay ? 'the list of muted tests' : 'the declaration');
      await this.#looks.idle();
      // Whose list of muted tests is on its way may be promised at any moment, and goes first.
      if (!this.#evidence.wanted || this.#muted.underWay) continue;
      this.#parts.onAwaits?.('the annotation');
      await this.#evidence.caughtUp();
    }
    this.#settling = false;
    if (!this.#muted.underWay) this.#parts.onSettled(this.#sequence, this.summary);
  }

  async #declareIfCertain(): Promise<void> {
    if (this.#promise !== undefined) return;
    const waitMs = this.#coordinator.waitMs(this.#standing.exitStatus);
    if (waitMs === Number.POSITIVE_INFINITY || (waitMs > 0 && this.#lastTry !== 'due')) return;
    const decision = await this.#standing.ask(() => this.#muted.state);
    if (!decision.promise) {
      this.#because = decision.because;
      this.#tellHold(decision.because);
      return;
    }
    this.#certain = true;
    if (this.#lastTry === 'due') this.#lastTry = 'made';
    const sent = this.#sent?.exitStatus === decision.exitStatus ? this.#sent : undefined;
    const { exitStatus, hardFailures } = decision;
    const request = sent ?? { exitStatus, reason: this.#describe(hardFailures) };
    const { by, ...delivered } = await this.#coordinator.declare(request);
    // The agent shares what it was asked first, which was this.
    const result = sent ? { ...delivered.result, outcome: 'declared' as const } : delivered.result;
    if (result.accepted) {
      const { outcome } = result;
      this.#promise = { exitStatus, at: this.#parts.now(), by, outcome };
      this.#because = undefined;
    } else {
      this.#because =
        result.verdict === 'terminal' ? 'Buildkite refused it' : 'Buildkite could not be reached';
    }
    describeVerdict(this.#parts.log, request, result, by);
  }

  #describe(hardFailures: number): string {
    const { redact } = this.#parts;
    const { shownErrors } = this.#failures;
    return redact(describeFailures(this.#failures.shown(false), shownErrors, hardFailures, redact));
  }
}
