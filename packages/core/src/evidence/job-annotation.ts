import { fs, path } from '../builtins.ts';
import type { Annotate, AnnotateResult } from '../declarers/annotate.ts';
import type { Sleep } from '../sleep.ts';
import { annotationBody } from './annotation-body.ts';
import type { EvidenceDocument } from './document.ts';
import { takeTurn } from './turn.ts';

export interface JobAnnotationSetup {
  readonly jobId: string;
  readonly annotate: Annotate;
  /** What the processes of the job share; without it this one annotates alone. */
  readonly folder: string | undefined;
  readonly sleep: Sleep;
}

const turnFile = 'annotation.turn';
const sentFile = 'annotation.sent';

/**
 * The one annotation of a job. Its processes take turns, so that one update at a time is under way and none is overtaken
 * by an older one; each shows what all of them have to tell.
 */
export class JobAnnotation {
  readonly #setup: JobAnnotationSetup;
  #sent: string | undefined;

  constructor(setup: JobAnnotationSetup) {
    this.#setup = setup;
  }

  /** Milliseconds since an update of any process of the job. */
  get age(): number {
    const { folder } = this.#setup;
    if (folder === undefined) return Number.POSITIVE_INFINITY;
    try {
      return Date.now() - fs.statSync(path.join(folder, sentFile)).mtimeMs;
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  }

  /**
   * Shows what `read` gives when the turn has come; nothing where that is shown already, or `undefined`. Rejects only
   * when `signal` is aborted.
   */
  async update(read: () => EvidenceDocument | undefined, signal: AbortSignal): Promise<AnnotateResult> {
    const release = await this.#takeTurn(signal);
    try {
      const evidence = read();
      if (evidence === undefined) return { done: true };
      const body = annotationBody(evidence);
      if (body === this.#readSent()) return { done: true };
      const context = `promise-failure-${this.#setup.jobId}`.slice(0, 100);
      const result = await this.#setup.annotate({ context, body }, signal);
      if (result.done) this.#noteSent(body);
      return result;
    } finally {
      release();
    }
  }

  /** Where no turn can be taken (a full disk), the last one to send wins. */
  async #takeTurn(signal: AbortSignal): Promise<() => void> {
    const { folder, sleep } = this.#setup;
    if (folder === undefined) return () => {};
    try {
      return await takeTurn(path.join(folder, turnFile), signal, sleep);
    } catch {
      signal.throwIfAborted();
      return () => {};
    }
  }

  #readSent(): string | undefined {
    const { folder } = this.#setup;
    if (folder === undefined) return this.#sent;
    try {
      return fs.readFileSync(path.join(folder, sentFile), 'utf8');
    } catch {
      return undefined;
    }
  }

  #noteSent(body: string): void {
    this.#sent = body;
    const { folder } = this.#setup;
    if (folder === undefined) return;
    try {
      fs.writeFileSync(path.join(folder, sentFile), body, { mode: 0o600 });
    } catch {
      // It is sent once more, which changes nothing.
    }
  }
}
