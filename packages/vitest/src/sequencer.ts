import { BaseSequencer, type TestSequencer, type TestSpecification, type Vitest } from 'vitest/node';
import { Ordering, oursMark } from './order.ts';

/**
 * `sequence: { sequencer }`, for runs without our reporter. The environment turns it on; Vitest's own order stays
 * where it is off, and nothing is remembered, which takes the reporter.
 */
export default class RedFirstSequencer extends BaseSequencer {
  static readonly [oursMark] = true;
  #inner: Promise<TestSequencer> | undefined;

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    this.#inner ??= openInner(this.ctx);
    return (await this.#inner).sort(files);
  }
}

async function openInner(vitest: Vitest): Promise<TestSequencer> {
  const config = { ...vitest.config, sequence: { ...vitest.config.sequence, sequencer: BaseSequencer } };
  const view = Object.create(vitest, { config: { value: config } }) as Vitest;
  await new Ordering(undefined).install(view);
  return new config.sequence.sequencer(vitest);
}
