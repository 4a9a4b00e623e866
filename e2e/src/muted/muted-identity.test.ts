import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type EngineTest, startTestEngineApi } from '@promise-failure/simulator/test-engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runProject } from '../harness/harness.ts';
import { type ConfiguredRunner, e2eFolder } from '../harness/runners.ts';
import { failing, passing, projectOf, type TitledTest } from './muted-projects.ts';

/** Tests of one file; a project of Playwright's doubles them. */
const count = 100;
const many = 40;

/** Titles that people write, and titles that break what joins, trims, escapes or splits them. */
const oddTitle = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    ' leading',
    'trailing  ',
    'two  spaces',
    'a > b',
    'a/b',
    `"double" 'single' \`back\``,
    'line\nbreak',
    'tab\tand\r\nreturn',
    'emoji \u{1F469}\u200D\u{1F680}',
    'caf\u00e9',
    'cafe\u0301',
    '\u05e9\u05dc\u05d5\u05dd',
    '%s %i %% $x #{y}',
    'back\\slash \\n',
    '<b>&amp;</b>',
    '[1] (2) {3} *',
    '@tag in a title',
    '\u00a0no-break\u2003wide',
    'nul \u0001 bell',
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
);

/** The same tests in every run; the number keeps titles apart where a runner refuses doubles. */
function generateTests(count: number, seed: number): readonly TitledTest[] {
  const blocks = fc.array(oddTitle, { maxLength: 3 });
  const samples = fc.sample(fc.tuple(blocks, oddTitle), { numRuns: count, seed });
  return samples.map(([outer, title], index) => ({
    titles: [
      ...outer,
      index % 3 === 0 ? `${title}${index}` : index % 3 === 1 ? `${index}${title}` : ` ${index} ${title} `,
    ],
  }));
}

const projects = `workers: 2, fullyParallel: true, projects: [{ name: 'with  spaces ' }, { name: '' }]`;

const plain: Readonly<Record<ConfiguredRunner, string>> = {
  jest: '{}',
  vitest: '{}',
  playwright: `{ ${projects} }`,
};

const collected: Readonly<Record<ConfiguredRunner, string>> = {
  jest: `{ reporters: [...reporters, ['buildkite-test-collector/jest/reporter', {}]] }`,
  vitest: `{ reporters: [...reporters, 'buildkite-test-collector/vitest/reporter'] }`,
  playwright: `{ ${projects}, reporter: [['buildkite-test-collector/playwright/reporter'], ['./identities.mjs']] }`,
};

/** Writes the identities our Playwright package computes into the trace. */
const identitiesReporter = `
import { appendFileSync } from 'node:fs';
import { identify } from ${JSON.stringify(join(e2eFolder, 'node_modules/@promise-failure/playwright/dist/identity.js'))};
export default class {
  onTestEnd(test) {
    const { scope, name } = identify(test);
    appendFileSync('trace', JSON.stringify({ scope, name }) + '\\n');
  }
}`;

type Files = Parameters<typeof projectOf>[1];

/** What the published collector uploads for these files, and what our own identities reporter saw. */
async function collectUploads(runner: ConfiguredRunner, files: Files) {
  const uploaded: EngineTest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { data } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { data: EngineTest[] };
    uploaded.push(...data.map(({ scope, name }) => ({ scope, name })));
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const env = {
    BUILDKITE_ANALYTICS_TOKEN: 'upload-token',
    BUILDKITE_ANALYTICS_BASE_URL: `http://127.0.0.1:${port}/v1/uploads`,
  };
  const project = projectOf(runner, files, { config: collected[runner], env });
  const withReporter = { ...project, files: { ...project.files, 'identities.mjs': identitiesReporter } };
  const { exitCode, stderr, trace } = await runProject(withReporter, { runner, reporter: false });
  await new Promise((resolve) => server.close(resolve));
  expect(exitCode, stderr).toBe(0);
  return { uploaded, identified: trace.map((line) => JSON.parse(line) as EngineTest) };
}

async function runMuted(runner: ConfiguredRunner, files: Files, muted: readonly EngineTest[]) {
  const api = await startTestEngineApi({ muted });
  const env = { ...api.env, PROMISE_FAILURE_MUTED_SUITE: 'web' };
  const result = await runProject(projectOf(runner, files, { config: plain[runner], env }), {
    runner,
    waitMs: 0,
  });
  await api.close();
  return result;
}

function filesOf(count: number, body: string): Files {
  const write = (seed: number) => generateTests(count, seed).map((test) => ({ ...test, body }));
  return { a: write(1), b: write(1), 'sub/c': write(2) };
}

describe.each<ConfiguredRunner>(['jest', 'vitest', 'playwright'])('identities of %s', (runner) => {
  const runs = runner === 'playwright' ? 2 : 1;
  /** Playwright starts a worker anew after each failure. */
  const fewer = runner === 'playwright' ? 1 : count;

  it("are the collector's own, so that its list mutes every test, and nothing beside it", async () => {
    const { uploaded } = await collectUploads(runner, filesOf(fewer, passing));
    expect(uploaded).toHaveLength(3 * fewer * runs);

    const all = await runMuted(runner, filesOf(fewer, failing), uploaded);
    expect(all.promises, all.stderr).toEqual([]);
    expect(all.stderr).toContain(`0 hard, ${uploaded.length} muted, 0 flaky`);

    const left = uploaded.at(-1);
    const others = uploaded.filter(({ scope, name }) => scope !== left?.scope || name !== left?.name);
    const one = await runMuted(runner, filesOf(fewer, failing), others);
    expect(one.promises, one.stderr).toHaveLength(1);
    expect(one.stderr).toContain(`${uploaded.length - others.length} hard, ${others.length} muted, 0 flaky`);
  });

  it.runIf(runner === 'playwright')("are the collector's own for a few hundred tests", async () => {
    const { uploaded, identified } = await collectUploads(runner, filesOf(many, passing));
    expect(uploaded).toHaveLength(3 * many * runs);
    expect(sort(identified)).toEqual(sort(uploaded));
  });
});

function sort(tests: readonly EngineTest[]): readonly string[] {
  return tests.map((test) => JSON.stringify(test)).sort();
}
