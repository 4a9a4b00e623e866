import { satisfies } from 'semver';
import { describe, expect, it } from 'vitest';
import { type RunResult, type RunSetup, runProject } from '../harness/harness.ts';
import { testedRunner } from '../harness/target.ts';
import type { Fixture, Fixtures } from './fixture.ts';
import { type Expectation, type Row, table } from './table.ts';

/**
 * Registers one test for each row of the table: the project is run with our reporter; the exit code must be the
 * expected one, and the promise must be there, in time, and with the exit code as its status.
 */
export function describeScenarios(runner: RunSetup['runner'], fixtures: Fixtures): void {
  describeRows(runner, fixtures, () => true, runRow);
}

/** The same projects without our reporter, whose exit codes must be the same. */
export function describeBareRuns(runner: RunSetup['runner'], fixtures: Fixtures): void {
  describeRows(
    runner,
    fixtures,
    (row) => row.sameAsFirstTest !== true,
    async (fixture, expected, setup) => {
      const bare = await runProject(fixture, { ...setup, reporter: false });
      expect(bare.exitCode, `exit code without the reporter\n${output(bare)}`).toBe(expected.exit);
    },
  );
}

/** `PF_ROWS` (comma separated) selects rows. */
function describeRows(
  runner: RunSetup['runner'],
  fixtures: Fixtures,
  filter: (row: Row) => boolean,
  run: typeof runRow,
): void {
  const { setup, version } = testedRunner(runner);
  const selected = process.env.PF_ROWS?.split(',');
  const rows: readonly Row[] = table.filter((row) => selected?.includes(row.id) ?? true);

  describe(`${runner} ${version}`, () => {
    for (const row of rows.filter(filter)) {
      const { fixture, expected, cannot } = settle(row, fixtures, version);
      const name = `${row.id}: ${row.what}`;
      if (fixture === undefined) it.skip(`${name} (cannot: ${cannot})`);
      else it.concurrent(name, () => run(fixture, expected, setup));
    }
  });
}

function settle(row: Row, fixtures: Fixtures, version: string) {
  const fixture = fixtures[row.id as keyof Fixtures];
  if ('cannot' in fixture) return { expected: row.expect, cannot: fixture.cannot };
  const departure = fixture.versions?.find(({ when }) =>
    satisfies(version, when, { includePrerelease: true }),
  );
  const expected = departure?.expect ?? fixture.expect ?? row.expect;
  if (departure?.cannot !== undefined) return { expected, cannot: departure.cannot };
  return { fixture, expected };
}

async function runRow(fixture: Fixture, expected: Expectation, setup: RunSetup): Promise<void> {
  const run = await runProject(fixture, setup);
  const shown = output(run);
  expect(run.exitCode, `exit code\n${shown}`).toBe(expected.exit);
  expect(run.promises.length, `promises\n${shown}`).toBe(expected.promised ? 1 : 0);
  if (!expected.promised) {
    expect(run.calls, `calls\n${shown}`).toEqual([]);
    return;
  }
  expect(run.promises[0]?.exitStatus, `promised status\n${shown}`).toBe(expected.status ?? expected.exit);
  expect(run.promises[0]?.at, `arrival\n${shown}`).toBeLessThanOrEqual(run.endedAt);
  expect(run.trace.filter(isLateOrEarly), `trace\n${shown}`).toEqual([]);
  if (expected.by === 'attempt' || expected.by === 'file') {
    expect(
      run.trace.filter((line) => line.startsWith('seen ')),
      `trace\n${shown}`,
    ).not.toEqual([]);
  }
}

function isLateOrEarly(line: string): boolean {
  return line.startsWith('late ') || line.startsWith('early ');
}

function output({ stdout, stderr, trace, promises }: RunResult): string {
  return [...trace.map((line) => `trace: ${line}`), JSON.stringify(promises), stdout, stderr].join('\n');
}
