import { path } from '../builtins.ts';
import type { DeliverySetup } from '../channel/channel.ts';
import { createAnnotate } from '../declarers/annotate.ts';
import type { AgentCommandSeams } from '../declarers/run-agent.ts';
import { Collected, type Fact } from '../evidence/collected.ts';
import { describeJob } from '../evidence/describe-job.ts';
import type { EvidenceDocument } from '../evidence/document.ts';
import { JobAnnotation } from '../evidence/job-annotation.ts';
import { type MergeSetup, mergeParts } from '../evidence/merge-parts.ts';
import type { Part } from '../evidence/part.ts';
import { PartFolder } from '../evidence/part-folder.ts';
import { topFolder } from '../evidence/places.ts';
import { replaceFile } from '../evidence/replace-file.ts';
import { describePart, type RunFacts } from '../evidence/run-part.ts';
import { noteJob, openJobFolder, ownJobFolderPath, removeOldJobFolders } from '../job/job-folder.ts';
import type { Layers } from '../layers/layers.ts';
import type { Log } from '../log.ts';
import { sleep } from '../sleep.ts';
import type { EvidenceKeeper, EvidenceView } from './evidence-link.ts';
import { Paced } from './paced.ts';

export interface EvidenceParts {
  readonly layers: Layers;
  readonly log: Log;
  readonly redact: (text: string) => string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly onChild: AgentCommandSeams['onChild'];
}

/** Milliseconds between two writes of the file, and between two updates of the annotation. */
const fileRestMs = 1000;
const annotationRestMs = 3000;
const longestRestMs = 60_000;
/** Share of the drain timeout that the last update may take: what is left is for the run's exit status. */
const drainShare = 0.8;
const mostRewrites = 5;

/** Opens the evidence of one run: the file, the annotation, or both, as configured. */
export function keepEvidence(setup: DeliverySetup, parts: EvidenceParts): EvidenceKeeper {
  return new Keeper(setup, parts);
}

class Keeper implements EvidenceKeeper {
  readonly #log: Log;
  readonly #drainMs: number;
  readonly #run: RunFacts;
  readonly #merge: Omit<MergeSetup, 'now'>;
  readonly #collected: Collected;
  readonly #folder: PartFolder | undefined;
  readonly #file: { readonly path: string; readonly turns: Paced } | undefined;
  readonly #annotation: { readonly job: JobAnnotation; readonly turns: Paced } | undefined;
  /** Ends with what the annotation may take. */
  readonly #sending = new AbortController();
  #view: EvidenceView | undefined;
  #written = '';
  #failures = 0;
  #hasEnded = false;

  constructor(setup: DeliverySetup, { layers, log, redact, now, onChild }: EvidenceParts) {
    const { config, env, runner, rootDir: root, cwd, flags, startedAt } = setup;
    const dryRun = config.mode === 'dry-run';
    const { outerRetries, family } = layers;
    const toEpoch = (ms: number) => Date.now() - (now() - ms);
    this.#log = log;
    this.#drainMs = config.drainTimeoutMs;
    this.#run = {
      ...{ runner, root, cwd, flags, outerRetries, family, dryRun, startedAt, toEpoch, redact },
    };
    this.#merge = { job: describeJob(env, redact), top: topFolder(cwd, env) };
    this.#collected = new Collected(`${runner}\0${root}`, redact);
    const shared = openFolder(setup, log);
    this.#folder = shared === undefined ? undefined : new PartFolder(shared, runName(setup));
    const pace = { now, sleep };
    if (config.evidence !== undefined) {
      const warn = (error: unknown) =>
        log.warn(`the evidence cannot be written to ${path.resolve(cwd, file)}: ${messageOf(error)}`);
      const file = evidencePath(config.evidence, setup);
      this.#file = {
        path: file,
        turns: new Paced(() => this.#writeFile(file), { restMs: () => fileRestMs, onError: warn, ...pace }),
      };
    }
    if (config.annotate && !dryRun && env.BUILDKITE_JOB_ID) {
      const annotate = createAnnotate(env, { agentCommand: { onChild } });
      const job = new JobAnnotation({ jobId: env.BUILDKITE_JOB_ID, annotate, folder: shared, sleep });
      const restMs = () => Math.min(longestRestMs, annotationRestMs * 2 ** this.#failures);
      const onError = (error: unknown) => this.#tellAnnotationError(error);
      this.#annotation = { job, turns: new Paced(() => this.#annotate(job), { restMs, onError, ...pace }) };
    }
  }

  add(fact: Fact): void {
    this.#collected.add(fact);
  }

  async show(view: EvidenceView): Promise<void> {
    this.#view = view;
    this.#writePart();
    if (this.#collected.endedAt === undefined && this.#collected.exitStatus === undefined) {
      this.#file?.turns.ask();
      if (this.#isCertain()) this.#annotation?.turns.ask();
      return;
    }
    await Promise.all([this.#file?.turns.finish(), this.#finishAnnotation()]);
  }

  cancel(): void {
    this.#sending.abort();
  }

  /** After its end a run has nothing to add but its exit status, which an annotation does not show. */
  async #finishAnnotation(): Promise<void> {
    if (this.#annotation === undefined || this.#sending.signal.aborted) return;
    const timer = this.#hasEnded
      ? undefined
      : setTimeout(() => this.#sending.abort(), drainShare * this.#drainMs);
    this.#hasEnded = true;
    await this.#annotation.turns.finish();
    clearTimeout(timer);
  }

  #writePart(): void {
    try {
      const part = this.#part();
      const text = JSON.stringify(part);
      if (part === undefined || text === this.#written) return;
      this.#folder?.write(part);
      this.#written = text;
    } catch (error) {
      this.#log.warn(
        `what this process shows of its failures may miss those of others, because the job's folder cannot be used: ${messageOf(error)}`,
      );
    }
  }

  #part(): Part | undefined {
    if (this.#view === undefined) return undefined;
    const { summary, certain } = this.#view;
    return describePart(this.#run, this.#collected, { ...summary, certain });
  }

  #readOthers(): readonly Part[] {
    try {
      return this.#folder?.readOthers() ?? [];
    } catch {
      return [];
    }
  }

  /** Anew where another process had something to add meanwhile, which may have been written in between. */
  #writeFile(file: string): void {
    const own = this.#part();
    if (own === undefined) return;
    let others = this.#readOthers();
    for (let turn = 0; turn < mostRewrites; turn++) {
      const evidence = mergeParts([own, ...others], { ...this.#merge, now: Date.now() });
      replaceFile(file, `${JSON.stringify(evidence, undefined, 2)}\n`, 0o644);
      const later = this.#readOthers();
      if (JSON.stringify(later) === JSON.stringify(others)) return;
      others = later;
    }
  }

  async #annotate(job: JobAnnotation): Promise<void> {
    if (this.#sending.signal.aborted) return;
    const wait = annotationRestMs - job.age;
    if (wait > 0 && !this.#hasEnded) {
      // Another process has just shown all there was: the next turn is this one's.
      setTimeout(() => this.#annotation?.turns.ask(), wait);
      return;
    }
    const result = await job.update(() => this.#certainEvidence(), this.#sending.signal);
    if (result.done) {
      this.#failures = 0;
      return;
    }
    this.#log.warn(`the annotation could not be made: ${result.message}`);
    this.#failures++;
    if (result.verdict === 'terminal') this.#sending.abort();
    else if (!this.#hasEnded) this.#annotation?.turns.ask();
  }

  /** What another process has promised, this one has to add to. */
  #isCertain(): boolean {
    if (this.#annotation === undefined) return false;
    return this.#view?.certain === true || this.#readOthers().some(({ certain }) => certain);
  }

  #certainEvidence(): EvidenceDocument | undefined {
    const own = this.#part();
    const parts = own === undefined ? this.#readOthers() : [own, ...this.#readOthers()];
    if (!parts.some(({ certain }) => certain)) return undefined;
    return mergeParts(parts, { ...this.#merge, now: Date.now() });
  }

  #tellAnnotationError(error: unknown): void {
    if (!this.#sending.signal.aborted)
      this.#log.warn(`the annotation could not be made: ${messageOf(error)}`);
    else if (this.#hasEnded) {
      const ms = Math.round(drainShare * this.#drainMs);
      this.#log.warn(`the annotation has no answer after ${ms} ms; the run ends without waiting for it`);
    }
  }
}

/** The job's folder, or nothing outside of a job and where it cannot be used. */
function openFolder({ config, env }: DeliverySetup, log: Log): string | undefined {
  const folder = ownJobFolderPath(env, config.mode);
  if (folder === undefined) return undefined;
  try {
    openJobFolder(folder);
    noteJob(folder, env);
    setTimeout(removeOldJobFolders, 1000, folder).unref();
    return folder;
  } catch (error) {
    log.warn(
      `what this process shows of its failures may miss those of others, because the job's folder cannot be used: ${messageOf(error)}`,
    );
    return undefined;
  }
}

/** In a folder one file for each job, or for each run outside of one. */
function evidencePath(option: string, { config, cwd, env, startedAt }: DeliverySetup): string {
  const place = path.resolve(cwd, option);
  if (place.endsWith('.json')) return place;
  const job = env.BUILDKITE_JOB_ID;
  const name = job
    ? encodeURIComponent(job)
    : `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}-${Math.round(startedAt)}`;
  return path.join(place, `${name}${config.mode === 'dry-run' && job ? '-dry-run' : ''}.json`);
}

function runName({ startedAt }: DeliverySetup): string {
  return `${process.pid}-${Math.round(startedAt)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
