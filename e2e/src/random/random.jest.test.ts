import { inBand, inWorkers, project, retriesBlocks } from '../scenarios/jest-project.ts';
import { describeRandom, type RandomBlock, type RandomTest } from './random.ts';

describeRandom('jest', ({ retries, bail, files }) => {
  const list = files.map((block, index) => [`${index}.test.js`, renderFile(block, `${index}`, retries)]);
  // Half of the projects run in workers: Jest starts them for two files and more.
  return project(Object.fromEntries(list), {
    config: `{ ${retries % 2 === 0 ? inBand : inWorkers}${bail ? ', bail: 1' : ''} }`,
  });
});

function renderFile(block: RandomBlock, key: string, retries: number): string {
  return `const { throwAt } = require('./probe.cjs');
jest.retryTimes(${retries}, { retryImmediately: ${block.children.length % 2 === 0} });
${renderBlock(block, key)}`;
}

function renderBlock({ retries, whole, hooks, children }: RandomBlock, key: string): string {
  const lines = Object.entries(hooks).map(
    ([hook, when]) => `${hook}(() => throwAt('${key}-${hook}', '${when}'));`,
  );
  const body = children.map((child, index) =>
    child.kind === 'test' ? renderTest(child, `${key}.${index}`) : renderBlock(child, `${key}.${index}`),
  );
  return `describe('${key}', () => {
${renderRetries(retries, whole)}
${[...lines, ...body].join('\n')}
});`;
}

function renderRetries(retries: number | undefined, whole: boolean): string {
  if (whole && retriesBlocks) return `jest.retryTimes(${retries ?? 1}, { entireDescribe: true });`;
  return retries === undefined ? '' : `beforeAll(() => { jest.retryTimes(${retries}); });`;
}

function renderTest({ throws, mark }: RandomTest, key: string): string {
  const modifier = { none: '', 'expected to fail': '.failing', skipped: '.skip' }[mark];
  return `test${modifier}('${key}', () => { throwAt('${key}', '${throws}'); });`;
}
