import { describe, expect, it } from 'vitest';
import { type Project, type RunResult, runProject } from '../harness/harness.ts';
import { testedRunner } from '../harness/target.ts';
import {
  configured,
  fails,
  file,
  files,
  flaky,
  head,
  inBand,
  inWorkers,
  passes,
  project,
  retry,
  waits,
} from '../scenarios/jest-project.ts';

const { setup, version } = testedRunner('jest');
const run = (given: Project) => runProject(given, setup);

/** The worker dies after a test has used up its attempts; Jest sends the file to another one, and all pass. */
const takenBack = (options: Project['options']) =>
  files(
    `test('fails once', () => { expect(attempt('once')).toBe(2); });
     test('dies once', async () => { await wait(500); if (attempt('dies') === 1) process.exit(1); });\n`,
    `test('passes', () => {});\n`,
    { config: `{ ${inWorkers} }`, options: options ?? {} },
  );

function seen({ exitCode, promises, stderr }: RunResult) {
  return { exitCode, promised: promises.length, contradicted: /passed/.test(ours(stderr)) };
}

function ours(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => line.includes('promise-failure'))
    .join('\n');
}

describe(`jest ${version}`, () => {
  it.concurrent('says loudly that a crashed worker took a promised failure back', async () => {
    const result = await run(takenBack({}));
    expect(seen(result), result.stderr).toEqual({
      exitCode: 0,
      promised: 1,
      contradicted: true,
    });
  });

  it.concurrent('lets no crashed worker take a promise back that waits for the file', async () => {
    const result = await run(takenBack({ settle: 'file' }));
    expect(seen(result), result.stderr).toEqual({ exitCode: 0, promised: 0, contradicted: false });
  });

  it.concurrent('promises nothing and says why when it does not know what settles', async () => {
    const result = await run(file(fails, { options: { settle: 'never' } }));
    expect(result.promises).toEqual([]);
    expect(ours(result.stderr)).toContain('settle is "never"');
  });

  it.concurrent('leaves a run whose results are rewritten to its exit', async () => {
    const processor = `module.exports = (results) => { require('./probe.cjs').notPromised('at the end'); return results; };`;
    const result = await run(
      configured(`testResultsProcessor: './processor.cjs'`, fails, { 'processor.cjs': processor }),
    );
    expect(result.trace).toEqual([]);
    expect(result.promises).toMatchObject([{ exitStatus: 1 }]);
  });

  it.concurrent('takes no pass in one project for a contradiction of a failure in another', async () => {
    const result = await run(
      project(
        { 'a.test.js': `${head}test('fails in one', () => { expect(attempt('any')).toBe(2); });` },
        {
          config: `{ ${inBand}, projects: [
            { displayName: 'one', transform: {} }, { displayName: 'two', transform: {} }] }`,
        },
      ),
    );
    expect(seen(result), result.stderr).toEqual({ exitCode: 1, promised: 1, contradicted: false });
  });

  it.concurrent('promises at the exit when a test ends the process in band', async () => {
    const result = await run(
      file(`${retry(1)}${flaky}test('exits', () => { process.exit(1); });\n`, { args: ['--runInBand'] }),
    );
    expect(seen(result), result.stderr).toMatchObject({ exitCode: 1, promised: 1 });
  });

  it.concurrent('follows tests that replace what it stands on', async () => {
    const body = `jest.mock('node:fs');
      const fs = require('node:fs');
      const realNow = Date.now;
      test('fails', () => { jest.useFakeTimers(); jest.resetModules(); Date.now = () => 5; throw new Error('no'); });
      test('waits', async () => {
        Date.now = realNow; jest.useRealTimers(); await promised('later');
        expect(fs.openSync).not.toHaveBeenCalled();
      }, 20_000);\n`;
    const result = await run(file(body));
    expect(result.trace, result.stderr).toEqual(['seen later']);
    expect(result.stderr).toContain('1 failed, 1 passed');
  });

  it.concurrent('follows tests that spy on what it stands on, in band and in workers', async () => {
    const body = `const spied = [['node:fs', 'openSync'], ['node:fs', 'writeSync'], ['node:crypto', 'createHash']];
      beforeAll(() => { for (const [of, name] of spied) jest.spyOn(require(of), name).mockReturnValue(undefined); });
      ${fails}test('restores', () => { jest.restoreAllMocks(); });\n${waits}`;
    for (const config of [inBand, inWorkers]) {
      const list = { 'a.test.js': head + body, 'b.test.js': passes };
      const result = await run(project(list, { config: `{ ${config} }` }));
      expect(result.trace, result.stderr).toEqual(['seen later']);
    }
  });

  it.concurrent('lets no file fail in which its own way to the tests is replaced', async () => {
    const mocks = `for (const name of ['node:diagnostics_channel', 'node:module']) jest.mock(name, () => ({}));`;
    const list = { 'a.test.js': passes, 'b.test.js': head + fails, 'mocks.cjs': mocks };
    const result = await run(project(list, { config: `{ ${inBand}, setupFiles: ['./mocks.cjs'] }` }));
    expect(result.stderr).toContain('1 failed, 1 passed');
    expect(result.stderr).not.toContain('failed to run');
    expect(result.promises).toMatchObject([{ exitStatus: 1 }]);
  });

  it.concurrent('follows tests without global functions', async () => {
    const body = `const { test, expect } = require('@jest/globals');\n${fails}${waits}`;
    const result = await run(configured('injectGlobals: false', body));
    expect(result.trace, result.stderr).toEqual(['seen later']);
  });

  it.concurrent('follows tests in worker threads', async () => {
    const list = { 'a.test.js': head + fails + waits, 'b.test.js': `test('passes', () => {});` };
    const result = await run(project(list, { config: `{ ${inWorkers}, workerThreads: true }` }));
    expect(result.trace, result.stderr).toEqual(['seen later']);
  });
});
