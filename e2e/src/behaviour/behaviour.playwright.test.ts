import { describeBehaviours } from './behaviours.ts';

const head = `import { expect, test } from '@playwright/test';
import { attempt, promised } from './probe.cjs';
`;
const failing = `${head}test('fails', () => { expect(1).toBe(2); });
test('waits', async () => { await promised('in waits'); });`;

describeBehaviours('playwright', {
  green: { files: { 'a.spec.js': `${head}test('passes', () => {});` }, config: '{ workers: 1 }' },
  failing: { files: { 'a.spec.js': failing }, config: '{ workers: 1 }' },
  flaky: {
    files: { 'a.spec.js': `${head}test('flaky', () => { expect(attempt('flaky')).toBe(2); });` },
    config: '{ workers: 1, retries: 1 }',
  },
  json: {
    files: { 'a.spec.js': failing },
    config: `{ workers: 1, reporter: [['json'], ...reporters.slice(1)] }`,
  },
});
