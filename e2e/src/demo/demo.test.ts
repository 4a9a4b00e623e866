import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { e2eFolder } from '../harness/runners.ts';

interface DemoJob {
  readonly id: string;
  readonly step: { readonly key: string };
  readonly state: string;
  readonly exitStatus: number | null;
  readonly promisedExitStatus: number | null;
  readonly promisedExitStatusAt: number | null;
  readonly promisedReason: string | null;
  readonly finishedAt: number;
}

let folder: string;
let outcome: { code: number | null; stdout: string };
interface DemoAnnotation {
  readonly context: string;
  readonly style: string;
  readonly body: string;
  readonly createdAt: number;
}

let build: {
  readonly failingAt: number;
  readonly finishedAt: number;
  readonly state: string;
  readonly jobs: readonly DemoJob[];
  readonly annotations: readonly DemoAnnotation[];
};

const logOf = (label: string): string => {
  const name = readdirSync(folder).find((file) => file.endsWith(`-${label}.log`));
  if (name === undefined) throw new Error(`no log of ${label}`);
  return readFileSync(join(folder, name), 'utf8');
};
const jobOf = (key: string): DemoJob => {
  const job = build.jobs.find((one) => one.step.key === key);
  if (job === undefined) throw new Error(`no job ${key}`);
  return job;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pf-demo-'));
  const top = dirname(e2eFolder);
  const child = spawn(
    process.execPath,
    [
      join(top, 'packages/simulator/bin/promise-failure-simulator.js'),
      ...['run', 'examples/pipeline.yml', '--expect', 'failed', '--show', 'promise-failure:'],
      ...['--json', join(folder, 'build.json'), '--logs', folder],
    ],
    { cwd: top, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  outcome = { code, stdout };
  build = JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the demo', () => {
  it('succeeds in showing a build that fails', () => {
    expect([outcome.code, build.state]).toEqual([0, 'failed']);
  });

  it.each([
    ['jest', 'Checkout > gives every third item for free'],
    ['vitest', 'search > lists everything for an empty query'],
    ['playwright', 'orders API > gives totals as numbers'],
  ])('has %s promise its failure while it runs on', (key, test) => {
    const job = jobOf(key);
    expect(job).toMatchObject({ exitStatus: 1, promisedExitStatus: 1 });
    expect(job.promisedReason).toBe(`test_failure (1 failed after retries: ${test})`);
    // What follows the failure sleeps for seconds: the promise left before it.
    expect(job.finishedAt - (job.promisedExitStatusAt ?? Number.POSITIVE_INFINITY)).toBeGreaterThan(3000);
  });

  it('shows what red first adds to the head start of one push', () => {
    const headStart = (key: string) => {
      const { finishedAt, promisedExitStatusAt, exitStatus } = jobOf(key);
      expect(exitStatus).toBe(1);
      return finishedAt - (promisedExitStatusAt ?? Number.POSITIVE_INFINITY);
    };
    expect(headStart('red-first') - headStart('own-order')).toBeGreaterThan(3000);
    expect(logOf('a-push-red-first')).toContain(
      'red first: 0 changed, 2 related, 0 failed lately, of 6 files',
    );
    expect(logOf('a-push-jest-s-order')).not.toContain('red first');
  });

  it.each([
    [
      'jest',
      'test/checkout.test.js:16',
      "npx jest --runTestsByPath test/checkout.test.js -t '^Checkout gives every",
    ],
    ['vitest', 'test/search.test.ts:', 'npx vitest run test/search.test.ts -t '],
    ['playwright', 'tests/orders-api.spec.ts:', 'npx playwright test ./tests/orders-api.spec.ts:'],
  ])('has %s show at its promise what has failed, where, and how to run it again', (key, place, command) => {
    const job = jobOf(key);
    const annotation = build.annotations.find(({ context }) => context.includes(job.id));
    expect(annotation?.style).toBe('error');
    expect((annotation?.createdAt ?? 0) - (job.promisedExitStatusAt ?? 0)).toBeLessThan(3000);
    expect(annotation?.createdAt).toBeLessThan(job.finishedAt);
    expect(outcome.stdout).toContain(place);
    expect(outcome.stdout).toContain(command);
  });

  it('shows the receipt of each job', () => {
    const receipts = outcome.stdout.match(/promise-failure: {3}head start +[\d.]+ s/g);
    expect(receipts).toHaveLength(5);
  });

  it('cancels the sibling that nobody needs once the build is failing', () => {
    const sibling = jobOf('visual-diff');
    expect(sibling.state).toBe('canceled');
    expect(sibling.finishedAt).toBeLessThan(build.finishedAt);
  });

  it('tells people what they gained', () => {
    expect(outcome.stdout).toContain('PROMISED exit 1');
    expect(outcome.stdout).toMatch(
      /│ Jest: shop +│ at [\d.]+ s +│ at [\d.]+ s +│ [\d.]+ s +│ failed \(exit 1\)/,
    );
    expect(outcome.stdout).toMatch(/of head start/);
  });
});
