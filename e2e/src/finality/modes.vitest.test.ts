import { lt } from 'semver';
import { describe, expect, it } from 'vitest';
import { type Project, runProject } from '../harness/harness.ts';
import { testedRunner } from '../harness/target.ts';
import { configured, fails, file, head, passes, waits } from '../scenarios/vitest-project.ts';

const { setup, version } = testedRunner('vitest');
const run = (project: Project) => runProject(project, setup);

const untested = {
  'a.test.js': `${head}import { used } from './code.mjs'; test('uses', () => { used(); });`,
  'code.mjs': 'export function used() {\n  return 1;\n}\nexport function unused() {\n  return 2;\n}\n',
};

const rejectsInMain = (more: string): Project =>
  configured(`globalSetup: './setup.mjs'`, '', {
    files: {
      'a.test.js': `${head}test('passes', () => wait(3000));`,
      'setup.mjs': `export default () => {
        setTimeout(() => { ${more} Promise.reject(new Error('x')); }, 300);
      };`,
    },
  });

describe(`vitest ${version}`, () => {
  it.concurrent.each(['threads', 'forks', 'vmThreads', 'vmForks'])(
    'promises while later tests run in the pool %s',
    async (pool) => {
      const { trace, promises } = await run(configured(`pool: '${pool}'`, fails + waits));
      expect(trace).toEqual(['seen later']);
      expect(promises).toHaveLength(1);
    },
  );

  it.concurrent('promises nothing of long attempts that fail without being the last word', async () => {
    const { exitCode, calls, stdout } = await run(
      file(`let attempts = 0;
        test.fails('is expected to fail', async () => { await wait(300); expect(1).toBe(2); });
        test('passes in the end', { retry: 1 }, async () => { await wait(300); expect(attempts++).toBe(1); });
        test('skips itself in the end', async ({ onTestFinished, skip }) => {
          onTestFinished(async () => { await wait(300); skip(); });
          await wait(300);
          expect(1).toBe(2);
        });
        test('expects by itself to fail', async ({ task }) => {
          task.fails = true;
          await wait(300);
          expect(1).toBe(2);
        });
        test('leaves time', () => wait(1000));`),
    );
    expect(exitCode, stdout).toBe(0);
    expect(calls).toEqual([]);
  });

  it.concurrent('promises nothing of a long test that a runner of the user forgives', async () => {
    const { exitCode, calls, stdout } = await run(
      configured(`runner: './runner.mjs'`, '', {
        files: {
          'a.test.js': `${head}test('is forgiven', async () => { await wait(300); expect(1).toBe(2); });
            test('leaves time', () => wait(1000));`,
          // Before 4.1 the class is in another place, which 5.0 no longer has.
          'runner.mjs': `const { TestRunner } = await import('vitest');
            const place = 'vitest/runners';
            const Base = TestRunner ?? (await import(place)).VitestTestRunner;
            export default class extends Base {
              async onAfterRunTask(test) {
                await super.onAfterRunTask?.(test);
                if (test.name === 'is forgiven') Object.assign(test.result, { state: 'pass', errors: undefined });
              }
            }`,
        },
      }),
    );
    expect(exitCode, stdout).toBe(0);
    expect(calls).toEqual([]);
  });

  it.concurrent('promises what the type checker finds', async () => {
    const { exitCode, promises, stderr } = await run({
      files: {
        'a.test-d.ts': `import { expectTypeOf, test } from 'vitest';
          test('is a number', () => { expectTypeOf('text').toEqualTypeOf<number>(); });`,
        'tsconfig.json':
          '{ "compilerOptions": { "strict": true, "skipLibCheck": true, "module": "nodenext" } }',
      },
      config: '{ typecheck: { enabled: true, only: true } }',
    });
    expect(exitCode, stderr).toBe(1);
    expect(promises).toMatchObject([{ reason: expect.stringContaining('is a number') }]);
  });

  it.concurrent('promises an unhandled rejection while its own test goes on', async () => {
    const { trace, promises } = await run(
      file(`test('rejects', async () => {
        await wait(200);
        Promise.reject(new Error('nobody cares'));
        await promised('in the same test');
      }, 20_000);`),
    );
    expect(trace).toEqual(['seen in the same test']);
    expect(promises).toMatchObject([{ exitStatus: 1, reason: expect.stringContaining('nobody cares') }]);
  });

  it.concurrent('promises a rejection in the main process, which ends the run on the spot', async () => {
    const { exitCode, promises, stderr } = await run(rejectsInMain(''));
    expect(exitCode, stderr).toBe(1);
    expect(promises, stderr).toMatchObject([{ exitStatus: 1 }]);
  });

  it.concurrent('promises nothing where a listener for the exit sets its code to 0', async () => {
    const { exitCode, calls, stderr } = await run(
      rejectsInMain(`process.prependListener('exit', () => { process.exitCode = 0; });`),
    );
    expect(exitCode, stderr).toBe(0);
    expect(calls).toEqual([]);
  });

  it.concurrent('waits for the end of the file where a dying worker hides its failures', async () => {
    const { exitCode, promises, stdout } = await run(
      configured(
        `pool: 'forks', dangerouslyIgnoreUnhandledErrors: true,
         reporters: [...reporters, { onTestCaseResult: ({ name }) => console.log('told of', name) }]`,
        `${fails}test('goes on', () => wait(300)); test('dies', async () => { await wait(500); process.kill(process.pid, 'SIGKILL'); await wait(9000); }, 10_000);`,
      ),
    );
    expect(stdout).toContain('told of fails');
    expect(exitCode).toBe(lt(version, '5.1.0') ? 0 : 1);
    expect(promises).toHaveLength(exitCode);
  });

  it.concurrent('says loudly when a failure is turned into a pass after its promise', async () => {
    const { exitCode, promises, stderr } = await run(
      file(`let failed;
        afterAll(() => { failed.result.state = 'pass'; });
        test('fails', ({ task }) => { failed = task; expect(1).toBe(2); });
        ${waits}test('leaves time for the answer', () => wait(1000));`),
    );
    expect(exitCode).toBe(0);
    expect(promises).toHaveLength(1);
    expect(stderr).toContain('a promise was contradicted');
  });

  it.concurrent('promises nothing in watch mode', async () => {
    const { exitCode, promises } = await run(
      file(
        `${fails}test('ends', async () => { await wait(1000); note('ending'); await wait(5000); }, 10_000);`,
        {
          command: ['watch'],
          interrupt: { when: 'ending', signal: 'SIGTERM' },
        },
      ),
    );
    expect(exitCode).toBe(143);
    expect(promises).toEqual([]);
  });

  it.concurrent('takes a share of the tests of all files, once all are known', async () => {
    const { trace, promises } = await run({
      files: {
        'a.test.js': `${head}${fails}test('looks', async () => { await wait(300); notPromised('one of five'); });
          test('fails, too', () => { expect(1).toBe(2); });\n`,
        'b.test.js': `${head}test('waits', async () => { await promised('two of five'); }, 20_000);${passes}`,
      },
      config: '{ maxWorkers: 2, minWorkers: 1 }',
      options: { threshold: '40%' },
    });
    expect(trace).toEqual(['seen two of five']);
    expect(promises).toHaveLength(1);
  });

  it.concurrent('promises missed coverage before the global tear-down', async () => {
    const { trace, promises } = await run({
      files: {
        ...untested,
        'setup.mjs': `import { promised } from './probe.mjs';
          export default () => () => promised('in the tear-down');`,
      },
      config: `{
        globalSetup: './setup.mjs', teardownTimeout: 20_000,
        coverage: { enabled: true, reporter: [], thresholds: { lines: 100 }, include: ['code.mjs'] },
      }`,
    });
    expect(trace).toEqual(['seen in the tear-down']);
    expect(promises).toMatchObject([{ reason: expect.stringContaining('coverage') }]);
  });

  it.concurrent('promises at the exit that a package for coverage is missing', async () => {
    const { exitCode, promises } = await run({
      files: untested,
      config: `{ coverage: { enabled: true, provider: 'istanbul' } }`,
    });
    expect(exitCode).toBe(1);
    expect(promises).toMatchObject([{ exitStatus: 1 }]);
  });
});
