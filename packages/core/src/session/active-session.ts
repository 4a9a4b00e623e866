import type { OpenChannel } from '../channel/channel.ts';
import { openWorkerChannel } from '../channel/worker-channel.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Env } from '../env.ts';
import { isTracerLoaded } from '../layers/tracer.ts';
import type { Log } from '../log.ts';
import type { AttemptReport, RunError } from '../vocabulary.ts';
import { BoundedDetails } from './bounded-detail.ts';
import { commandLineOf, configFlags } from './config-flags.ts';
import { guard } from './guard.ts';
import { Ledger } from './ledger.ts';
import { enterProcess, isUnexplained, type OpenRun } from './open-runs.ts';
import { Outlet } from './outlet.ts';
import { type WatchedProcess, watchProcess } from './process-watch.ts';
import type { Session, SessionSeams, SessionSetup } from './session.ts';
import { describeEnd } from './summary.ts';

/** A session's surroundings, all resolved. */
export interface ActiveSetup extends SessionSetup {
  readonly config: Config;
  readonly env: Env;
  readonly log: Log;
  /** Takes the mark of a run off the environment. */
  readonly leaveRun: () => void;
}

/** The session of a run that may promise: facts go into the ledger, what is final goes on into the channel. */
export class ActiveSession implements Session {
  readonly active = true;
  readonly #setup: ActiveSetup;
  readonly #ledger = new Ledger();
  readonly #outlet: Outlet;
  readonly #process: WatchedProcess;
  readonly #run: OpenRun;
  readonly #startedAt = monotonicMs();
  /** There where somebody wants to read what has failed. */
  readonly #details: BoundedDetails | undefined;
  #runErrors = 0;
  #ended: Promise<void> | undefined;
  #isOver = false;
  #isCancelled = false;
  #drainedBeforeExit = false;
  #mutedIds: ReadonlySet<string> = new Set();
  #lastWords: readonly string[] = [];

  constructor(setup: ActiveSetup, seams: SessionSeams) {
    this.#setup = setup;
    const open = channelOpener(setup, this.#startedAt, seams.openChannel ?? openWorkerChannel);
    this.#outlet = new Outlet(open, setup.config.drainTimeoutMs);
    const { config, env } = setup;
    if (config.annotate || config.evidence !== undefined) this.#details = new BoundedDetails(env);
    this.#process = seams.process ?? process;
    const leave = watchProcess(this.#process, {
      signalled: () => this.cancelled(),
      idle: () => this.guard('beforeExit', () => this.#drainBeforeExit()),
      ended: (status) => this.guard('exit', () => this.#exit(status)),
    });
    const session = this;
    this.#run = {
      leave,
      get explainsExit() {
        return session.#ledger.failed > 0 || session.#runErrors > 0;
      },
      get isOver() {
        return session.#isOver;
      },
    };
    enterProcess(this.#process, this.#run);
    setup.log.debug(describeStart(setup));
  }

  attemptFinished(report: AttemptReport): void {
    const change = this.#ledger.record(report);
    if (change?.type === 'failed') {
      const detail = this.#details && this.guard('detail', () => this.#details?.take(report.detail));
      this.#outlet.post(detail === undefined ? change : { ...change, detail });
    }
    if (change?.type === 'contradicted') this.#outlet.postIfUsed(change);
    if (change === undefined && report.status === 'failed') this.failureLikely();
  }

  failureLikely(): void {
    this.#outlet.warm();
  }

  runFailed(error: RunError): void {
    this.#runErrors++;
    this.#outlet.post({ type: 'run error', error });
  }

  testsTotal(total: number): void {
    this.#outlet.postIfUsed({ type: 'total', total });
  }

  cancelled(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#outlet.postIfUsed({ type: 'cancelled' });
    this.#outlet.hurry();
  }

  close(end: { readonly cutShort?: boolean } = {}): Promise<void> {
    if (this.#ended !== undefined) return this.#ended.then(() => this.#outlet.drain()).then(() => undefined);
    this.#ended = this.#end(end.cutShort ?? false).catch((error: unknown) =>
      this.#setup.log.warn(String(error)),
    );
    return this.#ended;
  }

  isMuted(id: string): boolean {
    return this.#mutedIds.has(id);
  }

  guard<T>(hook: string, fn: () => T): T | undefined {
    return guard(hook, fn, (text) => this.#outlet.post({ type: 'trouble', text }));
  }

  async #end(cutShort: boolean): Promise<void> {
    const { config, log, leaveRun } = this.#setup;
    const endedAt = monotonicMs();
    leaveRun();
    const { flaky } = this.#ledger;
    if (this.#outlet.used)
      this.#outlet.post({ type: 'end', at: endedAt, flaky, ...(cutShort && { cutShort }) });
    else if (config.outerRetries) {
      await endRow(this.#setup, this.#startedAt, endedAt).catch((error: unknown) => log.debug(String(error)));
    }
    const drained = await this.#outlet.drain();
    const isLate = typeof drained === 'string';
    if (isLate && !this.#isCancelled) {
      log.warn(
        `${drained} has no answer after ${config.drainTimeoutMs} ms; the run ends without waiting for it`,
      );
    }
    const summary = isLate ? undefined : drained;
    if (!isLate) this.#mutedIds = new Set(summary?.mutedIds);
    const toEpoch = (ms: number) => Date.now() - (monotonicMs() - ms);
    this.#lastWords = describeEnd(log, summary, { at: endedAt, flaky: this.#ledger.flaky, toEpoch }, config);
    this.#isOver = true;
  }

  /** Nothing but the exit status tells of this failure (a coverage threshold, another reporter's error). */
  #noteExit(status: number): void {
    if (status <= 0 || status >= 128 || this.#isCancelled || !isUnexplained(this.#process, this.#run)) return;
    this.#runErrors++;
    const error = { kind: 'exit', message: `the test run exits with status ${status}` } as const;
    const suspects = this.#ledger.pending;
    const exitStatus = this.#setup.config.exitStatusIsGiven ? this.#setup.config.exitStatus : status;
    this.#outlet.post({ type: 'run error', error, exitStatus, ...(suspects > 0 && { suspects }) });
  }

  #drainBeforeExit(): void {
    // Once: waiting brings the process back to life, and it comes here again when it has nothing left to do.
    if (this.#drainedBeforeExit) return;
    this.#drainedBeforeExit = true;
    void this.#outlet.drain();
  }

  #exit(status: number): void {
    this.#noteExit(status);
    if (this.#details !== undefined && this.#outlet.used) this.#outlet.post({ type: 'exit', status });
    this.#outlet.drainSync();
    // What was held for a layer that may forgive it is worth a word only where it was not forgiven.
    if (status === 0) return;
    for (const line of this.#lastWords) this.#setup.log.info(line);
  }
}

function describeStart({ runner, config }: ActiveSetup): string {
  const threshold = 'count' in config.threshold ? config.threshold.count : `${config.threshold.percent}%`;
  return `following ${runner}: a promise of exit status ${config.exitStatus} at ${threshold} hard failures (${config.mode})`;
}

/** For the runs of a wrapper that come later; most runs load none of it. */
async function endRow({ runner, rootDir, config, env }: ActiveSetup, startedAt: number, endedAt: number) {
  const [{ lookAround }, { recordGreenRun }, { jobFolderPath }] = await Promise.all([
    import('../layers/layers.ts'),
    import('../job/green-run.ts'),
    import('../job/job-folder.ts'),
  ]);
  const { family } = lookAround(config, env, { execArgv: [], tracer: false, rootDir });
  const { exitStatus } = config;
  const run = {
    type: 'run',
    runner,
    root: rootDir,
    pid: process.pid,
    startedAt,
    exitStatus,
    family,
  } as const;
  recordGreenRun(jobFolderPath(env, config.mode), run, endedAt);
}

/** It may be gone. */
function workingDirectory(otherwise: string): string {
  try {
    return process.cwd();
  } catch {
    return otherwise;
  }
}

function channelOpener(
  { runner, rootDir, config, env, log }: ActiveSetup,
  startedAt: number,
  openChannel: OpenChannel,
) {
  const tellTrouble = (error: unknown) =>
    log.warn(`promising failed, the next failure tries again: ${String(error)}`);
  const cwd = workingDirectory(rootDir);
  return () =>
    openChannel(
      {
        ...{ runner, rootDir, cwd, config, env: { ...env }, startedAt },
        flags: configFlags(runner, commandLineOf(runner, process)),
        ...{ execArgv: process.execArgv, tracer: isTracerLoaded(globalThis) },
      },
      tellTrouble,
    );
}
