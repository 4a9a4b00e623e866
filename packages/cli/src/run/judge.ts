import type { RunView } from '@promise-failure/core/job';

/** How the command ended. */
export type CommandEnd =
  | { readonly type: 'exited'; readonly code: number }
  /** Killed by a signal, or told to end by one that was forwarded to it. */
  | { readonly type: 'signalled'; readonly exitStatus: number };

export type Judgement =
  | { readonly forgiven: true; readonly muted: readonly string[] }
  | { readonly forgiven: false; readonly because: string };

/**
 * Whether a failed command may count as passed: it exited with the runners' status for failed tests, every
 * failure in the ledger is muted, there is at least one, and there is no run error. Anything not known for sure
 * is not forgiven. `isAskedFor`: the environment asks for promises. Source of the rule: buildkite/test-engine-client internal/command/run.go.
 */
export function judgeRuns(end: CommandEnd, runs: readonly RunView[], isAskedFor: boolean): Judgement {
  const refuse = (because: string): Judgement => ({ forgiven: false, because });
  if (end.type === 'signalled') return refuse('the command was ended by a signal');
  if (runs.length === 0) {
    const hint = isAskedFor ? 'is it among the reporters of the runner?' : 'is PROMISE_FAILURE set?';
    return refuse(`no reporter of ours told of a failure (${hint})`);
  }
  if (runs.some((run) => run.exitStatus !== end.code)) {
    return refuse(`exit status ${end.code} is not the one for failed tests`);
  }
  if (runs.some((run) => run.endedAt === undefined)) return refuse('a test run did not reach its end');
  if (runs.some((run) => run.cutShort)) return refuse('a test run ended before all of its tests had run');
  if (runs.some((run) => run.overflow)) return refuse('there were more failures than were written down');

  const runErrors = runs.flatMap((run) => [...run.runErrors.values()]);
  if (runErrors.length > 0) return refuse(`a failure belongs to no test: ${runErrors[0]}`);
  const failed = runs.flatMap((run) => [...run.failed.values()]);
  const hard = failed.filter(({ muted }) => muted === false);
  if (hard.length > 0) return refuse(`${count(hard.length)} not muted: ${nameSome(hard)}`);
  const unknown = failed.filter(({ muted }) => muted === 'unknown');
  if (unknown.length > 0) return refuse(`the muted tests are not known, and ${count(unknown.length)} failed`);
  if (failed.length === 0) return refuse('no muted test explains the exit status');
  return { forgiven: true, muted: [...new Set(failed.map(({ name }) => name))] };
}

const mostNames = 10;

function nameSome(failed: readonly { readonly name: string }[]): string {
  const names = failed.slice(0, mostNames).map(({ name }) => name);
  return names.join(', ') + (failed.length > mostNames ? ', ...' : '');
}

function count(tests: number): string {
  return tests === 1 ? '1 test' : `${tests} tests`;
}
