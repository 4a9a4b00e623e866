import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJob } from '../harness/job.ts';
import type { ConfiguredRunner } from '../harness/runners.ts';
import { installNode } from './install.ts';
import { installPnp } from './install-pnp.ts';

interface Cell {
  readonly runner: ConfiguredRunner;
  readonly packages: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly test: string;
  readonly head: string;
}

const jest = (version: string): Cell => ({
  runner: 'jest',
  packages: { jest: version },
  command: ['jest'],
  test: 'a.test.js',
  head: '',
});

/** Each runner as far as it supports Plug'n'Play itself. */
const cells: readonly Cell[] = [
  jest('^28'),
  jest('^29'),
  jest('^30'),
  {
    ...{ runner: 'vitest', packages: { vitest: '^4' }, command: ['vitest', 'run'], test: 'a.test.mjs' },
    head: `import { test } from 'vitest';\n`,
  },
  {
    ...{ runner: 'playwright', packages: { '@playwright/test': '^1.65' }, command: ['playwright', 'test'] },
    ...{ test: 'a.spec.mjs', head: `import { test } from '@playwright/test';\n` },
  },
];
const nodes = [undefined, '24'] as const;

/** Longer than a run needs that promises early; the promise itself is not waited for. */
const tests = `test('fails', () => { if (!process.env.GREEN) throw new Error('no'); });
test('is slow', () => new Promise((resolve) => setTimeout(resolve, 1500)));\n`;
const muted = `- { scope: '*', name: fails }\n`;

// To install with Yarn takes minutes, so `pnpm test:matrix` alone does.
describe.runIf(process.env.PF_MATRIX === 'all')('under Yarn’s Plug’n’Play', () => {
  describe.each(cells)('$runner $packages', ({ runner, packages, command, test, head }) => {
    let project: ReturnType<typeof installPnp>;
    beforeAll(() => {
      project = installPnp(runner, packages, { [test]: head + tests, 'muted.yml': muted });
    }, 300_000);
    afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

    const run = async (node: string | undefined, env: Record<string, string>) => {
      const job = await openJob(() => {});
      const bin = node === undefined ? process.execPath : installNode(node);
      const PATH = `${dirname(bin)}${delimiter}${process.env.PATH}`;
      const { HOME = '', TMPDIR = '' } = process.env;
      const child = spawn(bin, [...project.yarn.slice(1), ...command], {
        cwd: project.folder,
        env: { ...job.processEnv({ PATH, HOME, TMPDIR, NO_COLOR: '1' }), PROMISE_FAILURE: 'true', ...env },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      try {
        const code = await new Promise((resolve, reject) => {
          child.once('error', reject).once('close', resolve);
        });
        const ours = stderr.split('\n').filter((line) => line.includes('promise-failure'));
        return { code, ours, promised: job.promises.map(({ exitStatus }) => exitStatus) };
      } finally {
        await job.close();
      }
    };

    it.each(nodes)(
      'promises, reads a list of muted tests, and is silent when green: Node %s',
      async (node) => {
        const failing = await run(node, {});
        expect(failing, failing.ours.join('\n')).toMatchObject({ code: 1, promised: [1] });
        const held = await run(node, { PROMISE_FAILURE_MUTED_FILE: 'muted.yml' });
        expect(held).toMatchObject({ code: 1, promised: [] });
        expect(held.ours.join('\n')).toContain('0 hard, 1 muted');
        expect(await run(node, { GREEN: 'yes' })).toEqual({ code: 0, ours: [], promised: [] });
      },
    );
  });
});
