import type { BuildReport, BuildRunner, Watcher } from '@promise-failure/build-runner';
import { createEvidenceFinder, type EvidenceFinderOptions, type ExplainedReport } from './evidence.ts';
import { exitCodeFor, exitCodeNow, type Until, watchExit } from './exit.ts';
import type { WatchView } from './view.ts';

/** What to do about one build. */
export interface WatchPlan {
  /** The build's id. */
  readonly build: string;
  readonly until: Until;
  readonly cancelOnFailing: boolean;
  /** Run once, at the first sight of a failing or failed build; resolves with the exit status. */
  readonly onFailing?: ((report: ExplainedReport) => Promise<number>) | undefined;
  /** Milliseconds to wait for what a job leaves of its failures at its promise; 0 does not look. */
  readonly evidenceWaitMs: number;
  /** Milliseconds until the watch ends, however the build stands. @default no limit */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds that a state which is not known may last. @default 30000 */
  readonly unknownGraceMs?: number;
}

export interface WatchParts {
  readonly runner: BuildRunner;
  readonly watcher: Watcher;
  readonly view: WatchView;
  readonly evidence: Pick<EvidenceFinderOptions, 'read' | 'hasRoom'>;
  /** Ends the watch: with the exit code, if the reason is a number, or else rejecting with the reason. */
  readonly signal: AbortSignal;
}

/** Watches until the plan is fulfilled; resolves with the exit code. Rejects only for a build that cannot be read. */
export async function watchBuild(
  plan: WatchPlan,
  { runner, watcher, view, evidence, signal }: WatchParts,
): Promise<number> {
  const stop = new AbortController();
  const effects: Promise<void>[] = [];
  let unknownSince: NodeJS.Timeout | undefined;
  let fails = false;
  let hooks = 0;
  let last: BuildReport | undefined;
  let exitCode: number | undefined;
  const at = () => new Date().toISOString();
  const { build } = plan;
  const finder = createEvidenceFinder({
    ...{ ...evidence, patienceMs: plan.evidenceWaitMs, signal },
    onFound: ({ id, name, url }, found) => {
      const job = { id, name, ...(url !== undefined && { url }) };
      view.tell({ type: 'evidence', at: at(), build, job, evidence: found });
    },
  });

  function end(code: number): void {
    exitCode ??= code;
    stop.abort();
  }

  // Not AbortSignal.any: Node 20 may collect such a signal while it is waited for.
  const forward = () => {
    stop.abort(signal.reason);
    if (hooks > 0) view.tell({ type: 'waiting', at: at(), build });
  };

  function timeOut(): void {
    view.tell({ type: 'timeout', at: at(), build });
    end(exitCodeNow(last));
  }

  async function cancel(): Promise<void> {
    const outcome = await runner.cancel(build).catch((error: unknown) => `failed: ${String(error)}`);
    view.tell({ type: 'cancel', at: at(), build, outcome });
  }

  /** Once per watch, however often the build says so. */
  function actOnFailing(report: BuildReport): void {
    if (fails || (report.status !== 'failing' && report.status !== 'failed')) return;
    fails = true;
    if (plan.cancelOnFailing && report.status === 'failing') effects.push(cancel());
    const { onFailing } = plan;
    if (onFailing === undefined) return;
    hooks++;
    const told = (exitStatus: number) => {
      hooks--;
      view.tell({ type: 'on-failing', at: at(), build, exitStatus });
    };
    effects.push(finder.explain(report).then(onFailing).then(told));
  }

  function learn(report: BuildReport): void {
    last = report;
    view.show(report);
    finder.note(report);
    actOnFailing(report);
    clearTimeout(unknownSince);
    if (report.status === 'unknown' && plan.until === 'certain') {
      unknownSince = setTimeout(end, plan.unknownGraceMs ?? 30_000, watchExit.unknown);
    }
    const code = exitCodeFor(report, plan.until);
    if (code !== undefined) end(code);
  }

  const timer = plan.timeoutMs === undefined ? undefined : setTimeout(timeOut, plan.timeoutMs);
  try {
    signal.throwIfAborted();
    signal.addEventListener('abort', forward, { once: true });
    await watcher.watch(build, learn, { signal: stop.signal });
  } catch (error) {
    if (signal.aborted && typeof signal.reason === 'number') exitCode ??= signal.reason;
    if (exitCode === undefined) throw error;
  } finally {
    clearTimeout(timer);
    clearTimeout(unknownSince);
    await Promise.all(effects);
    signal.removeEventListener('abort', forward);
  }
  const code = exitCode ?? watchExit.unknown;
  const report = last && (await finder.explain(last));
  view.tell({ type: 'end', at: at(), build, exitCode: code, ...(report && { report }) });
  return code;
}
