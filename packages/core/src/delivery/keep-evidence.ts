import type { DeliverySetup } from '../channel/channel.ts';
import { createAnnotate } from '../declarers/annotate.ts';
import type { AgentCommandSeams } from '../declarers/run-agent.ts';
import { Collected, type Fact } from '../evidence/collected.ts';
import { JobAnnotation } from '../evidence/job-annotation.ts';
import type { KeptFiles } from '../evidence/kept-files.ts';
import type { Part } from '../evidence/part.ts';
import { describePart, type RunFacts } from '../evidence/run-part.ts';
import type { Layers } from '../layers/layers.ts';
import type { Log } from '../log.ts';
import { type Sleep, sleep as sleepReally } from '../sleep.ts';
import { AnnotationUpdates } from './annotation-updates.ts';
import type { EvidenceKeeper, EvidenceView } from './evidence-link.ts';
import { openKeptFiles } from './evidence-setup.ts';
import { Paced } from './paced.ts';

export interface EvidenceParts {
  readonly layers: Layers;
  readonly log: Log;
  readonly redact: (text: string) => string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly beginCommand: AgentCommandSeams['beginCommand'];
  readonly sleep?: Sleep;
}

/** Milliseconds between two writes of the files: a storm of failures costs a few of them. */
const restMs = 1000;

/** Opens the evidence of one run: the file, the annotation, or both, as configured. */
export function keepEvidence(setup: DeliverySetup, parts: EvidenceParts): EvidenceKeeper {
  return new Keeper(setup, parts);
}

class Keeper implements EvidenceKeeper {
  readonly #run: RunFacts;
  readonly #now: () => number;
  readonly #collected: Collected;
  readonly #files: KeptFiles;
  readonly #writing: Paced;
  readonly #annotation: AnnotationUpdates | undefined;
  #view: EvidenceView | undefined;

  constructor(setup: DeliverySetup, parts: EvidenceParts) {
    const { config, env, runner, rootDir: root, cwd, flags, startedAt } = setup;
    const { log, redact, now, beginCommand, sleep = sleepReally } = parts;
    this.#now = now;
    const { outerRetries, family } = parts.layers;
    const dryRun = config.mode === 'dry-run';
    const toEpoch = (ms: number) => Date.now() - (now() - ms);
    this.#run = {
      ...{ runner, root, cwd, flags, outerRetries, family, dryRun, startedAt, toEpoch, redact },
    };
    this.#collected = new Collected(`${runner}\0${root}`, redact);
    const { files, folder } = openKeptFiles(setup, log, redact);
    this.#files = files;
    const onError = (error: unknown) => log.warn(`the evidence cannot be kept: ${String(error)}`);
    this.#writing = new Paced(() => this.#write(), { restMs: () => restMs, onError, now, sleep });
    const jobId = env.BUILDKITE_JOB_ID;
    if (config.annotate && !dryRun && jobId) {
      const annotate = createAnnotate(env, { agentCommand: { beginCommand } });
      this.#annotation = new AnnotationUpdates({
        job: new JobAnnotation({ jobId, annotate, folder, sleep }),
        read: () => this.#read(),
        drainMs: config.drainTimeoutMs,
        ...{ log, now, sleep },
      });
    }
  }

  add(fact: Fact): void {
    this.#collected.add(fact);
  }

  async show(view: EvidenceView): Promise<void> {
    this.#view = view;
    const { endedAt, exitStatus } = this.#collected;
    if (endedAt === undefined && exitStatus === undefined) {
      this.#writing.ask();
      if (view.certain) this.#annotation?.ask();
      return;
    }
    await this.#writing.finish();
    await this.#annotation?.finish(endedAt ?? this.#now());
  }

  cancel(): void {
    this.#annotation?.cancel();
  }

  #part(): Part | undefined {
    if (this.#view === undefined) return undefined;
    const { summary, certain } = this.#view;
    return describePart(this.#run, this.#collected, { ...summary, certain });
  }

  /** To what another process has promised, this one has something to add. */
  #write(): void {
    const own = this.#part();
    if (own === undefined) return;
    this.#files.write(own);
    if (this.#annotation !== undefined && this.#files.readOthers().some(({ certain }) => certain)) {
      this.#annotation.ask();
    }
  }

  /** Nothing while nothing is certain in the whole job. */
  #read() {
    const own = this.#part();
    const others = this.#files.readOthers();
    if (own === undefined || ![own, ...others].some(({ certain }) => certain)) return undefined;
    return this.#files.merge(own, others);
  }
}
