/** A run of this process, as far as the process's exit status is to be explained. */
export interface OpenRun {
  /** Something failed in it that accounts for a failing exit status. */
  readonly explainsExit: boolean;
  /** All that it had to tell has been told. */
  readonly isOver: boolean;
  /** Forgets it: nothing that comes can concern it. */
  readonly leave: () => void;
}

interface Runs {
  open: OpenRun[];
  /** A run that is over and let go accounts for a failing exit status. */
  explained: boolean;
}

const runsOf = new WeakMap<object, Runs>();

/**
 * Adds a run to those of `process`. Those that are over are let go: an exit status that nothing explains belongs to
 * the process, and its last run alone tells of it.
 */
export function enterProcess(process: object, run: OpenRun): void {
  const runs = runsOf.get(process) ?? { open: [], explained: false };
  runsOf.set(process, runs);
  const over = runs.open.filter(({ isOver }) => isOver);
  for (const each of over) each.leave();
  runs.explained ||= over.some(({ explainsExit }) => explainsExit);
  runs.open = [...runs.open.filter((each) => !over.includes(each)), run];
}

/** Whether `run` is the one to tell of an exit status that no run of `process` explains. */
export function isUnexplained(process: object, run: OpenRun): boolean {
  const runs = runsOf.get(process);
  if (runs === undefined || runs.explained) return false;
  return runs.open.at(-1) === run && runs.open.every((each) => !each.explainsExit);
}
