import { describeTrace } from './traces.ts';

const tests = `const { after, describe, test } = require('node:test');
const no = () => { throw new Error('no'); };
test('fails', no);
test('skipped', { skip: true }, no);
test('skips itself', (context) => { context.skip(); });
test('is to be done', { todo: true }, no);
test('holds', async (context) => { await context.test('inside', no); });
describe('block', () => {
  after(no);
  test('passes', () => {});
});
describe('side by side', { concurrency: true }, () => {
  test('slow', () => new Promise((resolve) => setTimeout(resolve, 300)));
  test('quick', no);
});
`;

/** Notes what a reporter is told, as it is told; what the versions show of tests beside that varies. */
const tracer = `import { relative } from 'node:path';
import probe from './probe.cjs';
export default async function* (events) {
  for await (const { type, data } of events) {
    if (/stdout|stderr|diagnostic|plan|coverage|enqueue/.test(type)) continue;
    const { name, nesting, file, entryFile, details, skip, todo, success } = data;
    const place = (path) => path && relative(process.cwd(), path);
    const words = [type, place(name?.startsWith('/') ? name : undefined) ?? name, nesting, 'in', place(file),
      entryFile && 'of ' + place(entryFile), details?.type, details?.passed === false && 'not passed',
      details?.error?.failureType, skip && 'skip', todo && 'todo', success !== undefined && 'success ' + success];
    probe.note(words.filter((word) => word !== undefined && word !== false).join(' '));
  }
}
`;

describeTrace('node-test', {
  files: { 'a.test.js': tests, 'tracer.mjs': tracer },
  command: ['--test', '--test-reporter=./tracer.mjs', '--test-reporter-destination=stdout'],
});
