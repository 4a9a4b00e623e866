import { escapeText } from './terminal.ts';

/** What is drawn of a build, as the simulator writes it with `--json`. */
export interface DrawnBuild {
  readonly startedAt: number;
  readonly failingAt: number;
  readonly finishedAt: number;
  readonly jobs: readonly {
    readonly step: { readonly label: string };
    readonly startedAt: number;
    readonly finishedAt: number;
    readonly promisedExitStatusAt: number | null;
  }[];
}

const left = 150;
const right = 700;

/**
 * One build twice: as it was, and as it would have been without a promise: failing with the end of the first job that
 * failed, whose sibling is cancelled then.
 */
export function drawTimelines(build: DrawnBuild): string {
  const scale = (right - left) / (build.finishedAt - build.startedAt);
  const x = (at: number) => left + (at - build.startedAt) * scale;
  const seconds = (at: number) => `${((at - build.startedAt) / 1000).toFixed(1)} s`;
  const failed = build.jobs.filter((job) => job.promisedExitStatusAt !== null);
  const unpromised = Math.min(...failed.map((job) => job.finishedAt));

  const drawBuild = (top: number, title: string, failingAt: number, promised: boolean) => {
    const rows = build.jobs.map((job, index) => {
      const y = top + 20 + index * 26;
      const cancelled = job.promisedExitStatusAt === null;
      const end = cancelled ? failingAt : job.finishedAt;
      const certain = promised && !cancelled ? (job.promisedExitStatusAt ?? end) : end;
      const bar = (from: number, to: number, fill: string) =>
        `<rect x="${x(from).toFixed(1)}" y="${y}" width="${Math.max(0, x(to) - x(from)).toFixed(1)}" height="16" fill="${fill}"/>`;
      return `<text x="${left - 10}" y="${y + 13}" text-anchor="end">${escapeText(job.step.label)}</text>${bar(job.startedAt, certain, '#8b949e')}${bar(certain, end, '#d9534f')}`;
    });
    const bottom = top + 20 + build.jobs.length * 26;
    const at = x(failingAt).toFixed(1);
    return `<text x="20" y="${top + 8}" font-weight="bold">${title}</text>
${rows.join('\n')}
<path d="M${at} ${top + 14}V${bottom + 4}" stroke="#d9534f" stroke-width="2"/>
<text x="${at}" y="${bottom + 18}" class="red">failing at ${seconds(failingAt)}</text>`;
  };
  const half = build.jobs.length * 26 + 62;
  const height = 2 * half + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" font-family="sans-serif" font-size="13" role="img" aria-label="One build without a promise, failing at ${seconds(unpromised)}, and with one, failing at ${seconds(build.failingAt)}">
<style>text{fill:#24292f}.red{fill:#b3261e}@media (prefers-color-scheme:dark){text{fill:#e6edf3}.red{fill:#ff7b72}}</style>
${drawBuild(18, 'Without a promise', unpromised, false)}
${drawBuild(18 + half, 'With a promise', build.failingAt, true)}
</svg>
`;
}
