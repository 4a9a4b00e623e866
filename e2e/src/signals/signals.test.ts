import { describe, expect, it } from 'vitest';
import { type Project, runProject } from '../harness/harness.ts';
import type { RunnerName } from '../harness/runners.ts';
import { testedRunner } from '../harness/target.ts';

type When = 'before' | 'during' | 'after';

/** Who listens to signals in the runner's own process beside the runner. */
const listeners: Readonly<Record<string, string>> = {
  nobody: '',
  'signal-exit 3': `import onExit from 'signal-exit-3';\nonExit(() => {});`,
  'signal-exit 4': `import { onExit } from 'signal-exit-4';\nonExit(() => {});`,
  'a handler that exits with 1': `for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1));`,
};

/** The first in the suite, all of them where `PF_SIGNALS` is `all`. */
const isWhole = process.env.PF_SIGNALS === 'all';
const signals: readonly NodeJS.Signals[] = isWhole ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : ['SIGTERM'];
const whens: readonly When[] = isWhole ? ['before', 'during', 'after'] : ['before', 'after'];
const runnerNames: readonly RunnerName[] = ['jest', 'vitest', 'playwright', 'node-test'];

/** Far more than what a reporter may take, far less than what a swallowed signal costs: the slow test runs for 20 s. */
const marginMs = 8_000;

const heads: Readonly<Record<RunnerName, string>> = {
  jest: `const { note } = require('./probe.cjs');\n`,
  vitest: `import { test } from 'vitest';\nimport { note } from './probe.mjs';\n`,
  playwright: `import { test } from '@playwright/test';\nimport { note } from './probe.cjs';\n`,
  'node-test': `const { test } = require('node:test');\nconst { note } = require('./probe.cjs');\n`,
};

function projectOf(runner: RunnerName, when: When, signal: NodeJS.Signals, listener: string): Project {
  const fails = `test('fails', () => { throw new Error('no'); });\n`;
  const body = `note('running'); await wait(20000);${when === 'during' ? ` throw new Error('no');` : ''}`;
  const slow = `const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    test('slow', async () => { ${body} }${runner === 'jest' || runner === 'vitest' ? ', 40000' : ''});\n`;
  const extension = runner === 'playwright' ? 'spec' : 'test';
  return {
    files: {
      [`a.${extension}.js`]: heads[runner] + (when === 'after' ? fails : '') + slow,
      ...listenerFiles(listener),
    },
    config: runner === 'playwright' ? '{ workers: 1, timeout: 60000 }' : '{}',
    // `node --test` imports no preloads in its own process.
    env: { NODE_OPTIONS: runner === 'node-test' ? '--require ./listener.cjs' : '--import ./listener.mjs' },
    interrupt: { when: 'running', signal },
  };
}

/** Loaded by the runner's own process alone, by a file that every process of the run preloads. */
function listenerFiles(listener: string): Project['files'] {
  return {
    'listener.mjs': `if (process.argv[1] === process.env.PROBE_BIN) await import('./really.mjs');`,
    'listener.cjs': `if (!process.env.NODE_TEST_CONTEXT) import('./really.mjs');`,
    'really.mjs': listener,
  };
}

describe.each(runnerNames)('a signal to %s', (runner) => {
  const { setup } = testedRunner(runner);
  const rows = signals.flatMap((signal) =>
    whens.flatMap((when) => Object.keys(listeners).map((who) => [signal, when, who] as const)),
  );

  it.concurrent.each(rows)(
    '%s %s a failure, heard by %s, ends it as without our reporter',
    async (signal, when, who) => {
      const project = projectOf(runner, when, signal, listeners[who] ?? '');
      const bare = await runProject(project, { ...setup, reporter: false });
      const ours = await runProject(project, { ...setup, waitMs: 0 });
      expect(ours.exitCode, ours.stderr).toBe(bare.exitCode);
      expect(ours.endedAt - ours.startedAt).toBeLessThan(bare.endedAt - bare.startedAt + marginMs);
      if (when !== 'after') expect(ours.calls).toEqual([]);
    },
  );
});
