interface Shadow {
  /** Of acme/shop. */
  readonly build: number;
  /** Minutes after the start of the run. */
  readonly ends: number;
  readonly promised?: number;
  readonly exitStatus: number;
  readonly held?: string;
  readonly label?: string;
}

const start = Date.parse('2026-11-20T09:00:00.000Z');
const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString();

/** What a dry run leaves behind, in the form of core's evidence.schema.json. */
export function evidenceOf({ build, ends, promised, exitStatus, held, label = 'Unit' }: Shadow): object {
  const url = `https://buildkite.com/acme/shop/builds/${build}`;
  const counts = { hard: 1, muted: 0, flaky: 0, contradicted: 0 };
  const promise =
    promised === undefined
      ? null
      : {
          ...{ exit_status: 1, promised_at: at(promised), channel: 'dry run', outcome: 'dry run' },
          head_start_ms: (ends - promised) * 60_000,
        };
  const run = {
    ...{ started_at: at(0), finished_at: at(ends), exit_status: exitStatus, promise, counts },
    held: held === undefined ? null : { because: held, by: null },
  };
  return {
    ...{ version: 1, dry_run: true, updated_at: at(ends), ...run },
    job: {
      ...{
        id: `job-${build}-${ends}`,
        url: `${url}#job`,
        build: { id: `build-${build}`, number: build, url },
      },
      ...{ organization: 'acme', pipeline: 'shop', branch: 'main', commit: 'c0ffee', parallel_job: null },
      ...{ step: { id: 's', key: 'unit', label }, retry_count: 0 },
    },
    ...{ tests: [], tests_omitted: 0, errors: [], errors_omitted: 0, muted_tests: [], rerun: [] },
    runs: [{ runner: 'jest', folder: '.', process: 1, ...run }],
  };
}
