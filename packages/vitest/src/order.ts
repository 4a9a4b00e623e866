import type { FileResult, RedFirst } from '@promise-failure/order';
import type {
  TestModule,
  TestSequencer,
  TestSequencerConstructor,
  TestSpecification,
  Vitest,
} from 'vitest/node';
import { type IsMuted, toFileResult } from './results.ts';

type Options = Readonly<Record<string, unknown>>;

/** The order that the options or the environment ask for. Nothing is loaded where they ask for none. */
export class Ordering {
  readonly #options: Options;
  #redFirst: RedFirst | undefined;
  #watches = false;

  constructor(options: Options | undefined) {
    this.#options = options ?? {};
  }

  /** Puts a sequencer around the one that is configured. Never rejects. */
  install(vitest: Vitest): Promise<void> | undefined {
    const isAsked = (this.#options.order ?? (process.env.PROMISE_FAILURE_ORDER || 'off')) !== 'off';
    return isAsked ? this.#install(vitest) : undefined;
  }

  /** Remembers what the run showed. */
  record(modules: readonly TestModule[], isMuted: IsMuted): void {
    if (this.#redFirst === undefined || this.#watches) return;
    const results = modules
      .map((module) => toFileResult(module, isMuted))
      .filter((result): result is FileResult => result !== undefined);
    this.#redFirst.record(results);
  }

  async #install(vitest: Vitest): Promise<void> {
    try {
      const { openRedFirst } = await import('@promise-failure/order');
      this.#redFirst = openRedFirst({ rootDir: vitest.config.root, options: this.#options });
      this.#watches = vitest.config.watch;
      if (this.#redFirst === undefined) return;
      // Not before the reporters above us have had this hook: one prints the seed if it knows the sequencer's class.
      const { sequence } = vitest.config;
      sequence.sequencer = redFirstOver(beneathOurs(sequence.sequencer), this.#redFirst);
    } catch (error) {
      process.stderr.write(`promise-failure: warning: the order of tests stays as it is: ${String(error)}\n`);
    }
  }
}

/** On the sequencer that `sequence.sequencer` may be configured with: the reporter knows more, and takes its place. */
export const oursMark = Symbol.for('promise-failure.sequencer');

function beneathOurs(sequencer: TestSequencerConstructor): TestSequencerConstructor {
  return oursMark in sequencer ? Object.getPrototypeOf(sequencer) : sequencer;
}

/** The given sequencer with what will probably fail in front; its shards are untouched. */
function redFirstOver(Base: TestSequencerConstructor, redFirst: RedFirst): TestSequencerConstructor {
  return class RedFirstSequencer implements TestSequencer {
    readonly #base: TestSequencer;

    constructor(vitest: Vitest) {
      this.#base = new Base(vitest);
    }

    async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
      return this.#base.shard(files);
    }

    async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const usual = await this.#base.sort(files);
      try {
        return await arrange(usual, redFirst);
      } catch (error) {
        redFirst.log.warn(`the order of tests stays as it is: ${String(error)}`);
        return usual;
      }
    }
  };
}

async function arrange(specs: TestSpecification[], redFirst: RedFirst): Promise<TestSpecification[]> {
  const projects = [...new Set(specs.map((spec) => spec.project))];
  const aliases = projects.flatMap((project) => project.vite?.config.resolve.alias ?? []);
  const knowledge = await redFirst.learn(
    specs.map((spec) => spec.moduleId),
    {
      *alias(specifier) {
        for (const { find, replacement } of aliases) {
          const matches =
            typeof find === 'string'
              ? specifier === find || specifier.startsWith(`${find}/`)
              : find.test(specifier);
          if (matches) yield specifier.replace(find, replacement);
        }
      },
    },
  );
  // Groups run one after another, and workers that are not isolated are kept while the project stays the same.
  const blocks = new Map<string, TestSpecification[]>();
  for (const spec of specs) {
    const { sequence, isolate } = spec.project.config;
    const block = `${sequence.groupOrder ?? 0} ${isolate === false ? spec.project.name : ''}`;
    blocks.set(block, [...(blocks.get(block) ?? []), spec]);
  }
  return [...blocks.values()].flatMap((block) => knowledge.rank(block, (spec) => spec.moduleId));
}
