import {
  type BuildReport,
  type EvidenceReader,
  type FailingJob,
  isFinished,
  type JobEvidence,
} from '@promise-failure/build-runner';

/** A failing job, and what it has left of its failures. */
interface ExplainedJob extends FailingJob {
  readonly evidence?: JobEvidence;
}

export interface ExplainedReport extends BuildReport {
  readonly failingJobs: readonly ExplainedJob[];
}

/** Finds out which tests have failed in the jobs of one build. */
export interface EvidenceFinder {
  /** Looks for what the failing jobs of a report have left; once at their promise, and once at their end. */
  note(report: BuildReport): void;
  /** The report with what has been found, when no look is under way any more. */
  explain(report: BuildReport): Promise<ExplainedReport>;
}

export interface EvidenceFinderOptions {
  readonly read: EvidenceReader['read'];
  /** Told of each finding, and of one that says more than the one before. */
  readonly onFound: (job: FailingJob, evidence: JobEvidence) => void;
  /** Milliseconds to wait for what a job leaves at its promise; 0 does not look. */
  readonly patienceMs: number;
  /** True while there is room for a further look within the rate limits. */
  readonly hasRoom: () => boolean;
  /** Ends all looks. */
  readonly signal: AbortSignal;
}

/** Jobs that are looked into: what a person or a program reads, and what the rate limits bear. */
const mostJobs = 10;
/** Milliseconds between looks: a job annotates a moment after its promise. */
const pauses = [400, 600, 1000];

export function createEvidenceFinder(options: EvidenceFinderOptions): EvidenceFinder {
  const { read, onFound, patienceMs, hasRoom, signal } = options;
  const found = new Map<string, JobEvidence>();
  const looked = new Set<string>();
  const looks = new Set<Promise<void>>();

  async function look(build: string, job: FailingJob, isOver: boolean): Promise<void> {
    const until = Date.now() + patienceMs;
    for (let made = 0; !signal.aborted && hasRoom(); made++) {
      const evidence = await read(build, job.id, { signal, timeoutMs: 5000 }).catch(() => undefined);
      if (evidence !== undefined) return learn(job, evidence);
      const pause = pauses[Math.min(made, pauses.length - 1)] ?? 0;
      if (isOver || Date.now() + pause > until) return;
      await waitFor(pause, signal);
    }
  }

  function learn(job: FailingJob, evidence: JobEvidence): void {
    if (JSON.stringify(found.get(job.id)) === JSON.stringify(evidence)) return;
    found.set(job.id, evidence);
    onFound(job, evidence);
  }

  return {
    note({ id, status, failingJobs }) {
      if (patienceMs === 0) return;
      for (const job of failingJobs.slice(0, mostJobs)) {
        const isOver = job.finishedAt !== undefined || job.promised === undefined || isFinished(status);
        const key = `${job.id} ${isOver}`;
        if (looked.has(key)) continue;
        looked.add(key);
        const under = look(id, job, isOver).finally(() => looks.delete(under));
        looks.add(under);
      }
    },
    async explain(report) {
      await Promise.all(looks);
      const failingJobs = report.failingJobs.map((job) => {
        const evidence = found.get(job.id);
        return evidence === undefined ? job : { ...job, evidence };
      });
      return { ...report, failingJobs };
    },
  };
}

/** Ends early when the signal is aborted. Not `sleep` with a signal, which would reject. */
function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
