import { execFileSync } from 'node:child_process';
import type { RunSetup } from './harness.ts';
import { e2eFolder, findRunner, type RunnerName } from './runners.ts';

/** The runner under test: this package's own, or the one that the matrix names through the environment. */
export interface TestedRunner {
  readonly setup: RunSetup;
  readonly version: string;
  /** Label of the version in the names of snapshots. */
  readonly label: string;
}

/** `PF_RUNNER_DIR`, `PF_LABEL` and `PF_NODE_BIN` name another version and another Node.js. */
export function testedRunner(runner: RunnerName): TestedRunner {
  const { PF_RUNNER_DIR: runnerDir, PF_NODE_BIN: nodeBin, PF_LABEL: label } = process.env;
  const version =
    runner === 'node-test' ? versionOf(nodeBin) : findRunner(runner, runnerDir ?? e2eFolder).version;
  return { setup: { runner, runnerDir, nodeBin }, version, label: label ?? ownLabels[runner] };
}

/** The labels that the versions of this package's own dependencies have in the matrix. */
const ownLabels: Readonly<Record<RunnerName, string>> = {
  jest: '30',
  vitest: '4',
  playwright: 'newest',
  'node-test': process.versions.node.split('.')[0] ?? '',
};

function versionOf(nodeBin = process.execPath): string {
  return execFileSync(nodeBin, ['--version'], { encoding: 'utf8' }).trim().replace('v', '');
}
