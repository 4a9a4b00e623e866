import { describeRandom, type RandomBlock, type RandomTest } from './random.ts';

describeRandom('vitest', ({ retries, bail, files }) => ({
  files: Object.fromEntries(files.map((block, index) => [`${index}.test.js`, renderFile(block, `${index}`)])),
  config: `{ retry: ${retries}, bail: ${bail ? 1 : 0} }`,
}));

function renderFile(block: RandomBlock, key: string): string {
  return `import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { throwAt } from './probe.mjs';
${renderBlock(block, key)}`;
}

/** Where other runners retry a block as a whole, the tests of this one run side by side. */
function renderBlock({ retries, whole, hooks, children }: RandomBlock, key: string): string {
  const lines = Object.entries(hooks)
    .filter(([, when]) => when !== 'never')
    .map(([hook, when]) => `${hook}(() => throwAt('${key}-${hook}', '${when}'));`);
  const body = children.map((child, index) =>
    child.kind === 'test' ? renderTest(child, `${key}.${index}`) : renderBlock(child, `${key}.${index}`),
  );
  return `describe('${key}', ${JSON.stringify({ retry: retries, concurrent: whole })}, () => {
${[...lines, ...body].join('\n')}
});`;
}

function renderTest({ throws, mark }: RandomTest, key: string): string {
  if (mark === 'skipped') return `test.skip('${key}', () => throwAt('${key}', 'always'));`;
  const kind = mark === 'expected to fail' ? 'test.fails' : 'test';
  return `${kind}('${key}', async () => { await null; throwAt('${key}', '${throws}'); });`;
}
