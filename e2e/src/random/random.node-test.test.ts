import { oneByOne, ownProgram } from '../scenarios/node-test-project.ts';
import { describeRandom, type RandomBlock, type RandomTest } from './random.ts';

/** Nothing is retried here, so what throws at first only does not throw, or half of the projects would not be green. */
const throwsEver = { never: false, first: false, later: false, always: true } as const;
const hookNames = {
  beforeAll: 'before',
  beforeEach: 'beforeEach',
  afterEach: 'afterEach',
  afterAll: 'after',
};

/** Where other runners stop at a failure, one file alone reports for itself; retries say how many files run at a time. */
describeRandom('node-test', ({ retries, bail, files }) => ({
  files: Object.fromEntries(files.map((block, index) => [`${index}.test.js`, renderFile(block, `${index}`)])),
  ...(bail
    ? { command: ownProgram('0.test.js') }
    : { args: retries === 0 ? [oneByOne] : ['--test-concurrency=2'] }),
}));

function renderFile(block: RandomBlock, key: string): string {
  return `const { after, afterEach, before, beforeEach, describe, test } = require('node:test');
const no = () => { throw new Error('no'); };
${renderBlock(block, key)}`;
}

/** Where other runners retry a block as a whole, the tests of this one run side by side; a test may hold tests as well. */
function renderBlock({ retries, whole, hooks, children }: RandomBlock, key: string): string {
  const options = JSON.stringify({ concurrency: whole });
  const body = children.map((child, index) =>
    child.kind === 'test'
      ? renderTest(child, `${key}.${index}`, 'test')
      : renderBlock(child, `${key}.${index}`),
  );
  const tests = children.flatMap((child, index) =>
    child.kind === 'test' ? [`await ${renderTest(child, `${key}.${index} inside`, 'context.test')}`] : [],
  );
  const holds = retries === 1 ? `test('${key} holds', async (context) => { ${tests.join('\n')} });` : '';
  const lines = Object.entries(hooks)
    .filter(([, when]) => throwsEver[when])
    .map(([hook]) => `${hookNames[hook as keyof typeof hookNames]}(no);`);
  return `describe('${key}', ${options}, () => {
${[...lines, ...body, holds].join('\n')}
});`;
}

function renderTest({ throws, mark }: RandomTest, key: string, test: string): string {
  const options = { none: {}, 'expected to fail': { todo: true }, skipped: { skip: true } }[mark];
  const body = throwsEver[throws] || mark !== 'none' ? 'no();' : '';
  return `${test}('${key}', ${JSON.stringify(options)}, async () => { await null; ${body} });`;
}
