import { createModel, createStep, type Job, type Model } from '@promise-failure/simulator';

const minute = 60_000;

/** What happens to one build of the past; minutes since its start. */
export interface PastScene {
  readonly branch?: string;
  /** Jobs by name: when they end, with what, and when they had promised it. */
  readonly jobs: Readonly<Record<string, JobScene>>;
}

interface JobScene {
  readonly ends: number;
  readonly with: number;
  readonly promised?: number;
}

/** A model whose builds lie in the past, one every `everyMinutes`, the first of them at `since`. */
export function playPast(scenes: readonly PastScene[], since: number, everyMinutes = 60): Model {
  let now = since;
  const model = createModel({ clock: { now: () => now } });
  scenes.forEach(({ branch = 'main', jobs }, index) => {
    const start = since + index * everyMinutes * minute;
    now = start;
    const build = model.createBuild({ branch });
    const started = Object.entries(jobs).map(([label, scene]): [Job, JobScene] => {
      const job = model.addJob(build, { step: createStep({ label, command: 'true' }) });
      model.start(job);
      return [job, scene];
    });
    model.seal(build);
    const moves = started.flatMap(([job, scene]) => [
      ...(scene.promised === undefined
        ? []
        : [{ at: scene.promised, make: () => void model.promise(job, scene.with) }]),
      { at: scene.ends, make: () => void model.finish(job, { exitStatus: scene.with }) },
    ]);
    for (const { at, make } of moves.sort((one, other) => one.at - other.at)) {
      now = start + at * minute;
      make();
    }
  });
  return model;
}

/** So many builds of a plausible month: most pass, some promise early, a few fail without a word. */
export function aMonth(count: number): PastScene[] {
  return Array.from({ length: count }, (_, index) => {
    const jitter = (index * 37) % 17;
    const fails = index % 4 === 0;
    const lint = index % 8 === 4 ? { ends: 2, with: 1 } : { ends: 3, with: 0 };
    return {
      jobs: {
        'Unit tests': fails
          ? { ends: 14 + jitter, with: 1, promised: 1 + (jitter % 5) }
          : { ends: 12 + jitter, with: 0 },
        ':playwright: Browser tests <all>':
          index % 8 === 0
            ? { ends: 24 + jitter, with: 1, promised: 6 + jitter / 2 }
            : { ends: 20 + jitter, with: 0 },
        Lint: lint,
      },
    };
  });
}
