import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCommand } from './process.ts';
import { loadTerminals } from './terminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pf-process-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const terminals = await loadTerminals(console.error);

function run(command: string, n = 0) {
  const logFile = join(folder, `${n}.log`);
  const env = { PATH: process.env.PATH ?? '' };
  return { logFile, ...runCommand({ command, cwd: folder, env, logFile, terminals }) };
}

test.skipIf(terminals === undefined)(
  'all that commands write to a terminal before their end is kept',
  {
    timeout: 60_000,
  },
  async () => {
    const running = Array.from({ length: 100 }, (_, n) =>
      run('head -c 30000 /dev/zero | tr "\\0" x; echo; echo end >&2', n),
    );
    expect(await Promise.all(running.map(({ ended }) => ended))).toEqual(
      running.map(() => ({ exitStatus: 0 })),
    );
    const lengths = () => running.map(({ logFile }) => readFileSync(logFile, 'latin1').length);
    await vi.waitFor(() => expect(lengths()).toEqual(running.map(() => 30_007)), 10_000);
    expect(readFileSync(running[0]?.logFile ?? '', 'latin1')).toMatch(/^x+\r\nend\r\n$/);
  },
);

test.skipIf(terminals === undefined)(
  'a command that is cancelled as soon as it has a terminal is told so',
  async () => {
    const running = Array.from({ length: 20 }, (_, n) => run('sleep 30', n));
    for (const { cancel } of running) cancel(20_000);
    const ends = await Promise.all(running.map(({ ended }) => ended));
    await vi.waitFor(
      () => expect(running.map(({ logFile }) => existsSync(logFile))).not.toContain(false),
      10_000,
    );
    expect(ends).toEqual(running.map(() => ({ exitStatus: -1, signal: 'SIGTERM' })));
  },
);

test.skipIf(process.platform !== 'linux')(
  'a command whose log has no room runs to its end, and that is said',
  async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const heard: string[] = [];
    const env = { PATH: process.env.PATH ?? '' };
    const onOutput = (text: string) => void heard.push(text);
    const options = {
      command: 'echo one; sleep 0.3; echo two; exit 3',
      cwd: folder,
      env,
      logFile: '/dev/full',
    };
    try {
      expect(await runCommand({ ...options, onOutput }).ended).toMatchObject({ exitStatus: 3 });
      await vi.waitFor(() => expect(heard.join('')).toBe('one\ntwo\n'));
      expect(said.mock.calls).toEqual([[expect.stringMatching(/^The log of a job is not whole: ENOSPC/)]]);
    } finally {
      said.mockRestore();
    }
  },
);
