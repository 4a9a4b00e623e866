import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { e2eFolder } from '../harness/runners.ts';
import { type KeptProject, keepProject, runInJob } from './evidence-run.ts';
import { fileWith } from './projects.ts';

/** A stand-in for the agent that keeps what is uploaded, and when. */
const agent = `#!/bin/sh
[ "$1 $2" = "artifact upload" ] || exit 1
cp "$3" uploaded.json
date +%s%3N > uploaded-at
`;

let project: KeptProject | undefined;
afterEach(() => project?.remove());

/** The script of the page, started as an agent starts a step's command. */
async function runScript(body: string) {
  const page = readFileSync(join(dirname(e2eFolder), 'docs/evidence.md'), 'utf8');
  const script = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code]) => code ?? '').at(-1) ?? '';
  expect(script).toContain('buildkite-agent artifact upload');
  project = keepProject('jest', fileWith('jest', body));
  mkdirSync(join(project.folder, 'bin'));
  writeFileSync(join(project.folder, 'bin/buildkite-agent'), agent, { mode: 0o755 });
  writeFileSync(join(project.folder, 'tests.sh'), script);
  const env = { PATH: `${join(project.folder, 'bin')}:${process.env.PATH}` };
  return runInJob('jest', project, { env, commands: ['bash -e tests.sh'] });
}

describe('the script that uploads the evidence while the job still runs', () => {
  it('uploads it at the promise, long before the end, and ends as the tests do', async () => {
    const slow = `
      test('fails', () => { expect(1).toBe(2); });
      test('is slow', () => new Promise((resolve) => setTimeout(resolve, 8000)), 10_000);`;
    const run = await runScript(slow);
    const endedAt = Date.now();
    expect(run.exitCode).toBe(1);
    const { folder } = project as KeptProject;
    const uploaded = JSON.parse(readFileSync(join(folder, 'uploaded.json'), 'utf8'));
    expect(uploaded).toMatchObject({
      promise: { exit_status: 1 },
      tests: [{ name: 'fails' }],
      finished_at: null,
    });
    expect(endedAt - Number(readFileSync(join(folder, 'uploaded-at'), 'utf8'))).toBeGreaterThan(2000);
  });

  it('uploads nothing where nothing fails', async () => {
    const run = await runScript(`test('passes', () => {});`);
    expect(run.exitCode).toBe(0);
    // What waits for a promise has gone, too: it would hold the pipes of the run open for ever.
    expect(existsSync(join((project as KeptProject).folder, 'uploaded.json'))).toBe(false);
  });
});
