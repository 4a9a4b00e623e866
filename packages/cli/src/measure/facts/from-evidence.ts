import type { BuildFacts, JobFacts } from './facts.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One job of an evidence file, and the build that it belongs to. */
export interface EvidenceFacts {
  readonly build: string;
  readonly buildUrl: string | undefined;
  readonly branch: string | undefined;
  readonly job: JobFacts;
  /** Nothing was sent. */
  readonly dryRun: boolean;
}

/**
 * Reads what `evidence` wrote; undefined for JSON that is none, or of a version that is not known. `name` stands for a
 * run outside of a job.
 */
export function fromEvidence(value: unknown, name: string): EvidenceFacts | undefined {
  const evidence = fields(value);
  if (evidence.version !== 1 || typeof evidence.started_at !== 'string') return undefined;
  const job = fields(evidence.job);
  const step = fields(job.step);
  const { id: buildId, number, url: buildUrl } = fields(job.build);
  const [organization, pipeline] = [text(job.organization), text(job.pipeline)];
  const isAddressed = organization !== undefined && pipeline !== undefined && typeof number === 'number';
  return {
    build: isAddressed ? `${organization}/${pipeline}/${number}` : (text(buildId) ?? name),
    buildUrl: text(buildUrl),
    branch: text(job.branch),
    dryRun: evidence.dry_run === true,
    job: {
      name: text(step.label) ?? text(step.key) ?? name,
      url: text(job.url),
      ...readEnd(evidence),
    },
  };
}

function readEnd(evidence: Fields): Omit<JobFacts, 'name' | 'url'> {
  const { exit_status: status, finished_at: finishedAt } = evidence;
  const exitStatus = typeof status === 'number' ? status : undefined;
  const promise = fields(evidence.promise);
  const isOpen = exitStatus === undefined || finishedAt === null;
  return {
    ...{ exitStatus, end: isOpen ? 'open' : exitStatus === 0 ? 'passed' : 'failed', isForgiven: false },
    ...{ startedAt: time(evidence.started_at), finishedAt: time(finishedAt) },
    promised:
      typeof promise.exit_status === 'number'
        ? { exitStatus: promise.exit_status, at: time(promise.promised_at) }
        : undefined,
    held: text(fields(evidence.held).because),
  };
}

/** Files of one build come together; a build's own times are not known to its jobs. */
export function joinBuilds(all: readonly EvidenceFacts[]): BuildFacts[] {
  const builds = new Map<string, BuildFacts & { jobs: JobFacts[] }>();
  for (const { build, buildUrl, branch, job } of all) {
    const known = builds.get(build) ?? { id: build, url: buildUrl, branch, jobs: [] };
    known.jobs.push(job);
    builds.set(build, known);
  }
  const startOf = ({ jobs }: BuildFacts) => Math.min(...jobs.map(({ startedAt = 0 }) => startedAt));
  return [...builds.values()].sort((one, other) => startOf(other) - startOf(one));
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function time(value: unknown): number | undefined {
  const at = Date.parse(text(value) ?? '');
  return Number.isNaN(at) ? undefined : at;
}
