import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTests } from './run.ts';

const run = { type: 'run', runner: 'jest', root: '/r', pid: 1, startedAt: 1, exitStatus: 1 };
const end = { type: 'end', at: 2 };
const failed = (name: string, muted: boolean) => ({ type: 'failed', key: name, name, muted });

/** A stand-in for a runner: writes these lines to the job's ledger and exits. */
function runner(lines: readonly object[], code: number): readonly string[] {
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const script = `
    const folder = process.env.PROMISE_FAILURE_JOB_FOLDER;
    if (folder && ${lines.length}) require('fs').writeFileSync(folder + '/1-a.jsonl', ${JSON.stringify(`${text}\n`)});
    process.exit(${code});`;
  return [process.execPath, '-e', script];
}

async function runIt(lines: readonly object[], code: number, forgiveMuted = true) {
  const said: string[] = [];
  const status = await runTests(runner(lines, code), { forgiveMuted }, process.env, (line) =>
    said.push(line),
  );
  return { status, said: said.join('\n') };
}

describe('runTests', () => {
  it('forgives a failure of muted tests alone, and names them', async () => {
    const { status, said } = await runIt([run, failed('A > b', true), end], 1);
    expect(status).toBe(0);
    expect(said).toContain('forgiven: A > b');
  });

  it.each<[string, readonly object[], number]>([
    ['hard failures', [run, failed('a', true), failed('b', false), end], 1],
    ['a crash', [run, failed('a', true)], 1],
    ['another status', [run, failed('a', true), end], 2],
    ['a run error', [run, failed('a', true), { type: 'run error', key: 'k', name: 'boom' }, end], 1],
    ['no evidence', [], 1],
  ])('lets the status stand for %s, and says why', async (_, lines, code) => {
    const { status, said } = await runIt(lines, code);
    expect(status).toBe(code);
    expect(said).toContain(`exit status ${code} stands`);
  });

  it('says nothing about a green command', async () => {
    expect(await runIt([], 0)).toEqual({ status: 0, said: '' });
  });

  it('takes a muted failure as it is unless asked to forgive', async () => {
    expect(await runIt([], 1, false)).toEqual({ status: 1, said: '' });
  });

  it('takes a failure that was corrected later for none', async () => {
    const lines = [run, failed('a', false), { type: 'passed', key: 'a' }, failed('b', true), end];
    expect((await runIt(lines, 1)).status).toBe(0);
  });

  it('removes its folder', async () => {
    const note = join(mkdtempSync(join(tmpdir(), 'run-test-')), 'note');
    const script = `require('fs').writeFileSync(${JSON.stringify(note)}, process.env.PROMISE_FAILURE_JOB_FOLDER)`;
    await runTests([process.execPath, '-e', script], { forgiveMuted: true }, process.env, () => {});
    const folder = readFileSync(note, 'utf8');
    expect(folder).toContain('promise-failure-run-');
    expect(existsSync(folder)).toBe(false);
  });

  it('gives a status of its own where the command cannot be started', async () => {
    const said: string[] = [];
    const status = await runTests(['no-such-command'], { forgiveMuted: true }, process.env, (line) =>
      said.push(line),
    );
    expect(status).toBe(127);
    expect(said[0]).toContain('no-such-command cannot be started');
  });
});
