import type { DeliverySetup } from '../channel/channel.ts';
import { type Decision, decide, type MutedKnowledge } from '../decision/decide.ts';
import { type Counts, countFailures } from '../decision/standing.ts';
import type { JobShare } from '../job/job-share.ts';
import type { Layers } from '../layers/layers.ts';
import type { Sleep } from '../sleep.ts';
import type { Failures } from './failures.ts';
import { Pace } from './pace.ts';

export interface StandingParts {
  readonly layers: Layers;
  readonly job: JobShare;
  readonly now: () => number;
  readonly sleep: Sleep;
}

/** How this run stands, alone or among the other runs of its job: what the decision is asked with. */
export class RunStanding {
  readonly #setup: DeliverySetup;
  readonly #parts: StandingParts;
  readonly #failures: Failures;
  readonly #counting: Pace;
  exitStatus: number;
  total: number | undefined;
  cancelled = false;
  ended = false;
  /** Failed tests that nobody has decided about. */
  suspects = 0;

  constructor(setup: DeliverySetup, parts: StandingParts, failures: Failures) {
    this.#setup = setup;
    this.#parts = parts;
    this.#failures = failures;
    this.#counting = new Pace(parts.now, parts.sleep);
    this.exitStatus = setup.config.exitStatus;
  }

  /** Asks the decision; where other runs count as well, in turns that a storm of failures does not multiply. */
  async ask(muted: () => MutedKnowledge): Promise<Decision> {
    if (!this.countsOthers) return this.#decide(this.#countAlone(), muted());
    await this.#counting.turn();
    return this.#counting.run(() => this.#decide(this.#countWithOthers(), muted()));
  }

  /** Outer retries hold also where the other runs cannot be read: no further run is known then. */
  get countsOthers(): boolean {
    return this.#parts.job.counted || this.#parts.layers.outerRetries > 0;
  }

  #decide(counts: Counts, muted: MutedKnowledge): Decision {
    const { threshold } = this.#setup.config;
    const { cancelled, ended, exitStatus } = this;
    return decide(
      {
        ...counts,
        testFailures: counts.testFailures + this.#failures.count('unknown'),
        mutedFailures: this.#failures.count(true) + counts.mutedBefore + this.suspects,
        flippers: this.#parts.layers.flippers,
        ...{ muted, cancelled, ended },
      },
      { threshold, exitStatus },
    );
  }

  #countAlone(): Counts {
    const { runErrors, weakRunErrors } = this.#failures;
    return {
      ...{ testFailures: this.#failures.count(false), runErrors: runErrors - weakRunErrors, weakRunErrors },
      ...{ mutedBefore: 0, awaitingRetry: 0, total: this.total },
    };
  }

  #countWithOthers(): Counts {
    const { runner, rootDir, startedAt } = this.#setup;
    const { layers, job } = this.#parts;
    const others = job.others();
    // The usual case, in which nothing has to be gone through however much has failed.
    if (others.length === 0 && layers.outerRetries === 0) return this.#countAlone();
    const own = {
      ...{ runner, root: rootDir, startedAt, total: this.total },
      ...{ family: layers.family, ...this.#failures.own },
    };
    return countFailures(own, others, layers.outerRetries);
  }
}
