import { describeRandom, type RandomBlock, type RandomTest } from './random.ts';

describeRandom('playwright', ({ retries, bail, files }) => ({
  files: Object.fromEntries(files.map((block, index) => [`${index}.spec.js`, renderFile(block, `${index}`)])),
  config: `{ workers: 1, retries: ${retries}${bail ? ', maxFailures: 1' : ''} }`,
}));

function renderFile(block: RandomBlock, key: string): string {
  return `import { test } from '@playwright/test';
import { throwAt } from './probe.cjs';
${renderBlock(block, key)}`;
}

function renderBlock({ retries, whole, hooks, children }: RandomBlock, key: string): string {
  const configure = { mode: whole ? 'serial' : undefined, retries };
  const lines = Object.entries(hooks).map(
    ([hook, when]) => `test.${hook}(() => throwAt('${key}-${hook}', '${when}'));`,
  );
  const body = children.map((child, index) =>
    child.kind === 'test' ? renderTest(child, `${key}.${index}`) : renderBlock(child, `${key}.${index}`),
  );
  return `test.describe('${key}', () => {
test.describe.configure(${JSON.stringify(configure)});
${[...lines, ...body].join('\n')}
});`;
}

function renderTest({ throws, mark }: RandomTest, key: string): string {
  if (mark === 'skipped') return `test.skip('${key}', () => throwAt('${key}', 'always'));`;
  const expected = mark === 'expected to fail' ? 'test.fail(); ' : '';
  return `test('${key}', () => { ${expected}throwAt('${key}', '${throws}'); });`;
}
