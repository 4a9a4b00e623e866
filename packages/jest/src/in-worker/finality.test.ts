import type { Circus } from '@jest/types';
import { expect, it } from 'vitest';
import { Finality } from './finality.ts';

it('sees the outermost block begin, which stands in no other', () => {
  const describeBlock = { name: 'ROOT_DESCRIBE_BLOCK' } as Circus.DescribeBlock;
  expect(() => new Finality({}).see({ name: 'run_describe_start', describeBlock })).not.toThrow();
});
