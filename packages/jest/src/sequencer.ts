import { createRequire } from 'node:module';
import type { Test } from '@jest/reporters';
import type { AggregatedResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import { arrangeTests, recordRun } from './order.ts';

interface Setup {
  readonly globalConfig?: Config.GlobalConfig;
}

/** Jest's own sequencer, which every version has in this shape. */
interface Sequencer {
  sort(tests: Test[]): Test[] | Promise<Test[]>;
  cacheResults(tests: Test[], results: AggregatedResult): void;
}

const Base = loadSequencer();

class RedFirstSequencer extends Base {
  readonly #config: Config.GlobalConfig | undefined;

  constructor(setup?: Setup) {
    super(setup);
    this.#config = setup?.globalConfig;
  }

  override async sort(tests: Test[]): Promise<Test[]> {
    return arrangeTests(await super.sort(tests), this.#config);
  }

  override cacheResults(tests: Test[], results: AggregatedResult): void {
    super.cacheResults(tests, results);
    recordRun(results);
  }
}

/**
 * `testSequencer: '@promise-failure/jest/sequencer'`. Jest's own, shards and cache included; with the order
 * `red-first`, what will probably fail stands before the rest of its order.
 */
export default RedFirstSequencer as new (
  setup?: never,
) => object;

/** That of the Jest that runs, which has loaded its configuration by now; else that of the Jest beside us. */
function loadSequencer(): new (setup?: Setup) => Sequencer {
  const here = createRequire(import.meta.url);
  const running = Object.keys(here.cache).find((path) =>
    /[\\/]jest-config[\\/]build[\\/]index\.js$/.test(path),
  );
  const config =
    running ??
    createRequire(createRequire(here.resolve('jest/package.json')).resolve('@jest/core')).resolve(
      'jest-config',
    );
  return createRequire(config)('@jest/test-sequencer').default;
}
