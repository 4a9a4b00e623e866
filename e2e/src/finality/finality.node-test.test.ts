import { gte, satisfies } from 'semver';
import { describe, expect, it } from 'vitest';
import { type Project, runProject } from '../harness/harness.ts';
import { testedRunner } from '../harness/target.ts';
import { fails, file, head, ownProgram, passes, program, waits } from '../scenarios/node-test-project.ts';

const { setup, version } = testedRunner('node-test');
/** These tell of a result as it comes, and whose it is, while other files still run. */
const tellsEarly = satisfies(version, '^24.20 || >=26.6');
const beside = { args: ['--test-concurrency=2'] };

/** A promise for a run that exits with 1, and none for one that exits with 0, whatever this version makes of it. */
async function expectTrue(project: Project): Promise<number> {
  const bare = await runProject(project, { ...setup, reporter: false });
  const ours = await runProject(project, { ...setup, waitMs: 4000 });
  const shown = `${ours.trace.join('\n')}\n${ours.stdout}\n${ours.stderr}`;
  expect(ours.exitCode, shown).toBe(bare.exitCode);
  const promised = ours.promises.map(({ exitStatus }) => exitStatus);
  expect(promised, shown).toEqual(bare.exitCode === 0 ? [] : [bare.exitCode]);
  return ours.exitCode;
}

/** Runs long beside the file that is looked at. */
const long = `${head}test('is long', () => wait(800));\n`;

describe(`certainty in node:test ${version}`, () => {
  it.concurrent.each<[string, string]>([
    [
      'while a test before it still runs',
      `test('ends the process', async () => { await wait(300); process.exit(0); });`,
    ],
    [
      'in a block that ends the process at once',
      `test('ends the process', { concurrency: true }, async (t) => {
       t.test('slow', () => wait(300)); t.test('fails', no); await wait(100); process.exit(0); });`,
    ],
  ])('is not what a process takes back that exits with 0 %s', async (_when, ends) => {
    const goesOn = `test('goes on', () => wait(20));`;
    const body = `describe('side by side', { concurrency: true }, () => { ${ends}\n${fails}${goesOn} });\n`;
    const files = { 'a.test.js': long, 'b.test.js': head + body };
    expect(await expectTrue({ files, ...beside })).toBe(0);
  });

  it.concurrent.each<[string, number]>([
    ['at once', 0],
    ['a turn later', 1],
    ['some turns later', 5],
  ])('follows the exit code where a process exits with 0 after a failure, %s', async (_when, turns) => {
    const ends = `test('ends', async () => {
      for (let i = 0; i < ${turns}; i++) await new Promise(setImmediate);
      process.exit(0);
    });`;
    await expectTrue({ files: { 'a.test.js': long, 'b.test.js': head + fails + ends }, ...beside });
  });

  it.concurrent('is what was reported before a process exits with 0', async () => {
    const ends = `${fails}test('ends the process', async () => { await wait(200); process.exit(0); });`;
    expect(await expectTrue({ files: { 'a.test.js': long, 'b.test.js': head + ends }, ...beside })).toBe(1);
  });

  it.concurrent.each<[string, string]>([
    ['a hook after all tests of a block', `describe('block', () => { after(no);\n${passes} });`],
    ['a hook after all tests of a file', `after(no);\n${passes}`],
    ['a hook before all tests of a file', `before(no);\n${passes}`],
    ['a block without tests', `describe('block', () => { no(); });`],
    ['a skipped test that throws', `test('skips', (t) => { t.skip(); no(); });`],
    ['a test in a block to be done', `describe('block', { todo: true }, () => { ${fails} });`],
    ['a test to be done, and an exit code', `test('later', { todo: true }, no);\nprocess.exitCode = 3;`],
    [
      'a test to be done, and an exit',
      `test('later', { todo: true }, no);\ntest('ends', () => { process.exit(3); });`,
    ],
    ['a callback that is called twice', `test('twice', (t, done) => { done(); setImmediate(done); });`],
    ['a test that another does not wait for', `test('outer', (t) => { t.test('inner', () => wait(50)); });`],
    ['an error after the last test', `test('leaves', () => { setTimeout(no, 20); });`],
  ])('follows the exit code: %s', async (_what, body) => {
    await expectTrue({ files: { 'a.test.js': long, 'b.test.js': head + body }, ...beside });
    await expectTrue(program(body));
  });

  it.runIf(gte(version, '22.8.0')).concurrent(
    'follows the exit code in one process for all files',
    async () => {
      const isolation = gte(version, '24.0.0') ? '--test-isolation' : '--experimental-test-isolation';
      const args = ['--test', `${isolation}=none`, ...ownProgram('a.test.js'), 'b.test.js'];
      const inOne = (body: string) => ({
        files: { 'a.test.js': head + passes, 'b.test.js': head + body },
        command: args,
      });
      expect(await expectTrue(inOne(fails + waits))).toBe(1);
      expect(await expectTrue(inOne(passes))).toBe(0);
      await expectTrue(inOne(`after(no);\n${passes}`));
      await expectTrue(inOne('no();'));
    },
  );

  it.runIf(tellsEarly).concurrent.each<[string, string]>([
    ['in the middle', `${fails}test('goes on', () => wait(10));`],
    ['as the last one', fails],
    ['inside another test', `test('outer', async (t) => { await t.test('inner', no); });`],
  ])('is there while an earlier file runs, for a test %s', async (_where, body) => {
    const run = await runProject(
      { files: { 'a.test.js': head + waits, 'b.test.js': head + body }, ...beside },
      setup,
    );
    expect(run.trace, run.stderr).toEqual(['seen later']);
  });

  it.concurrent('lasts when the run is forced to exit', async () => {
    const open = `setInterval(() => {}, 1000);\n`;
    expect(await expectTrue(file(fails + open, { args: ['--test-force-exit'] }))).toBe(1);
    expect(
      await expectTrue(program(fails + open, { command: ['--test-force-exit', ...ownProgram('a.test.js')] })),
    ).toBe(1);
  });

  it.concurrent('is no matter of watch mode', async () => {
    const project = file(`${fails}test('running', () => { note('running'); });`, {
      args: ['--watch'],
      interrupt: { when: 'running', signal: 'SIGTERM' },
    });
    expect((await runProject(project, { ...setup, waitMs: 0 })).calls).toEqual([]);
  });
});
