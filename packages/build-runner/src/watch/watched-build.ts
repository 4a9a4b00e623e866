import { type Coalescer, createCoalescer } from '@promise-failure/core/retrying';
import type { BuildReport } from '../build/build.ts';
import { formatBuildId } from '../build/id.ts';
import { isFinished } from '../build/status.ts';
import type { BuildAddress } from '../rest/paths.ts';
import { type JobsKnown, mergeReports } from './merge-reports.ts';

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

  /** Adds a report to what is known, and tells the listener if that changes anything; true if the status moved on. */
  observe(seen: BuildReport, jobsKnown: JobsKnown): boolean {
    const before = this.#known;
    const next = before === undefined ? seen : mergeReports(before, seen, jobsKnown);
    this.#known = next;
    const said = JSON.stringify([next.status, next.state, next.blocked, next.failingJobs]);
    if (said !== this.#told) {
      this.#told = said;
      if (isFinished(next.status)) this.#coalescer.finish(next);
      else this.#coalescer.push(next);
    }
    return before !== undefined && before.status !== next.status;
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
