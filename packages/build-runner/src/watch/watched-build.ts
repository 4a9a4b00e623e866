import { type Coalescer, createCoalescer } from '@promise-failure/core/retrying';
import type { BuildReport } from '../build/build.ts';
import { formatBuildId } from '../build/id.ts';
import { isFinished } from '../build/status.ts';
import type { BuildAddress } from '../rest/paths.ts';
import { Hearsay } from './hearsay.ts';
import { type JobsKnown, mergeRead, withReasons } from './merge-reports.ts';

/** Is told of a build. Called for one report at a time; reports that come meanwhile become the latest one. */
export type ReportListener = (report: BuildReport) => Promise<void> | void;

/** One build under watch: what is known of it, and one action at a time on the latest of it. */
export class WatchedBuild {
  readonly address: BuildAddress;
  readonly id: string;
  /** Resolves with the last report once its listener is done; rejects with `fail`'s error or the listener's. */
  readonly done: Promise<BuildReport>;
  readonly #settle: { resolve(report: BuildReport): void; reject(error: unknown): void };
  readonly #coalescer: Coalescer<BuildReport>;
  readonly #hearsay = new Hearsay();
  #known: BuildReport | undefined;
  #told = '';
  #settled = false;

  constructor(address: BuildAddress, listener: ReportListener) {
    this.address = address;
    this.id = formatBuildId(address);
    const { promise, resolve, reject } = withResolvers<BuildReport>();
    this.done = promise.finally(() => {
      this.#settled = true;
    });
    this.#settle = { resolve, reject };
    this.#coalescer = createCoalescer(async (report) => {
      await listener(report);
      if (isFinished(report.status)) resolve(report);
    }, reject);
  }

  get known(): BuildReport | undefined {
    return this.#known;
  }

  /** Nothing is to be read any more. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Adds what was read to what is known, and tells the listener of any change; true if the status moved on. */
  observe(seen: BuildReport, jobsKnown: JobsKnown): boolean {
    const before = this.#known;
    const next = before === undefined ? seen : mergeRead(before, seen, jobsKnown);
    this.#hearsay.settle();
    this.#tell(next);
    return before !== undefined && before.status !== next.status;
  }

  /** Takes in an event; true if the build is to be read soon. That it has begun to run is taken as it is told. */
  hear(told: BuildReport): boolean {
    const known = this.#known;
    const begins = told.status === 'running' && known?.status === 'accepted' && !told.blocked;
    if (begins) this.#tell({ ...known, ...told, failingJobs: [] });
    return this.#hearsay.hear(told, this.#known);
  }

  /** The read that was to confirm what events told has failed: that the build fails must not wait for the next. */
  goUnread(): void {
    const { failing } = this.#hearsay;
    if (failing === undefined || (this.#known !== undefined && isFinished(this.#known.status))) return;
    const before = this.#known?.failingJobs ?? [];
    const jobs = new Map([...before, ...failing.failingJobs].map((job) => [job.id, job]));
    this.#tell({ ...this.#known, ...failing, failingJobs: [...jobs.values()] });
  }

  #tell(report: BuildReport): void {
    const next = { ...report, failingJobs: withReasons(report.failingJobs, this.#hearsay.reasons) };
    this.#known = next;
    const { status, state, blocked, failingJobs, jobCounts } = next;
    const said = JSON.stringify([status, state, blocked, failingJobs, jobCounts]);
    if (said === this.#told) return;
    this.#told = said;
    if (isFinished(status)) this.#coalescer.finish(next);
    else this.#coalescer.push(next);
  }

  fail(error: unknown): void {
    this.#settle.reject(error);
  }
}

/** Compat(node<22): Promise.withResolvers. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
