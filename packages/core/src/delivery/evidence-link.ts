import type { DeliverySummary } from '../channel/channel.ts';
import type { Fact } from '../evidence/collected.ts';
import type { Log } from '../log.ts';

/** How the delivery stands, as far as evidence shows it. */
export interface EvidenceView {
  readonly summary: DeliverySummary;
  /** The decision has been for a promise, whatever became of it. */
  readonly certain: boolean;
}

/** Keeps the evidence of a run where it is wanted. No method throws or rejects. */
export interface EvidenceKeeper {
  add(fact: Fact): void;
  /** Shows what there is, soon; at the end of the run it resolves when all is shown, or given up. */
  show(view: EvidenceView): Promise<void>;
  /** Nothing is sent from here on. */
  cancel(): void;
}

/** So long a declaration may be under way before what has failed is shown without its verdict. */
const patienceMs = 1000;

/**
 * The delivery's end of the evidence, which is loaded when the first declaration has its verdict, and not before: the
 * promise goes first. Where nobody wants evidence it does nothing.
 */
export class EvidenceLink {
  readonly #open: (() => Promise<EvidenceKeeper>) | undefined;
  readonly #view: () => EvidenceView;
  readonly #log: Log;
  readonly #waiting: Fact[] = [];
  #hasFacts = false;
  #keeper: EvidenceKeeper | undefined;
  #opening: Promise<EvidenceKeeper | undefined> | undefined;
  #patience: NodeJS.Timeout | undefined;
  #isCancelled = false;

  constructor(open: (() => Promise<EvidenceKeeper>) | undefined, view: () => EvidenceView, log: Log) {
    this.#open = open;
    this.#view = view;
    this.#log = log;
  }

  get wanted(): boolean {
    return this.#open !== undefined;
  }

  add(fact: Fact): void {
    if (!this.wanted || this.#isCancelled) return;
    this.#hasFacts = true;
    if (this.#keeper === undefined) this.#waiting.push(fact);
    else this.#keeper.add(fact);
    this.#patience ??= setTimeout(() => void this.caughtUp(), patienceMs);
  }

  /** Nothing is under way any more, or not for long. */
  async caughtUp(): Promise<void> {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    if (!this.#hasFacts || this.#isCancelled) return;
    const keeper = await this.#opened();
    await keeper?.show(this.#view());
  }

  cancel(): void {
    this.#isCancelled = true;
    clearTimeout(this.#patience);
    this.#keeper?.cancel();
  }

  #opened(): Promise<EvidenceKeeper | undefined> {
    this.#opening ??= Promise.resolve(this.#open?.()).then(
      (keeper) => {
        if (this.#isCancelled) return undefined;
        this.#keeper = keeper;
        for (const fact of this.#waiting.splice(0)) keeper?.add(fact);
        return keeper;
      },
      (error: unknown) => {
        this.#log.warn(`no evidence is kept: ${String(error)}`);
        return undefined;
      },
    );
    return this.#opening;
  }
}
