import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSocket, runScript } from './child.ts';

let socket: Awaited<ReturnType<typeof openSocket>>;
beforeEach(async () => {
  socket = await openSocket();
});
afterEach(() => socket.close());

const shell = (commands: string) => ['sh', '-ec', `${commands}; exec "$0" "$@"`];
const fewFiles = shell('ulimit -n 64');
const promise = { exit_status: 1, reason: expect.stringContaining('failed after retries') };

describe('a process without file descriptors', () => {
  const useUp = `
    const { closeSync, openSync } = await import('node:fs');
    const held = [];
    const useUp = () => { try { for (;;) held.push(openSync('/dev/null')); } catch (error) { return error.code; } };`;

  it('runs on to its own exit status', async () => {
    const outcome = await runScript(
      `${useUp}
       const session = open({ drainTimeoutMs: 500 });
       console.log(useUp());
       session.attemptFinished(failed('a'));
       await session.close();
       process.exitCode = 7;`,
      socket.env,
      fewFiles,
    );
    expect(outcome).toMatchObject({ code: 7, stdout: 'EMFILE\n' });
    expect(outcome.stderr).toMatch(/promising failed, .*EMFILE/);
    expect(outcome.stderr).not.toContain('no answer');
  });

  it.each(['before', 'while'])(
    'promises with the next failure when they ran out %s it promised',
    async (when) => {
      const outcome = await runScript(
        `${useUp}
       const session = open();
       ${when === 'before' ? 'useUp();' : ''}
       session.attemptFinished(failed('a'));
       ${when === 'while' ? 'useUp();' : ''}
       await new Promise((resolve) => setTimeout(resolve, 1200));
       for (const file of held) closeSync(file);
       session.attemptFinished(failed('b'));
       await session.close();
       process.exitCode = 7;`,
        socket.env,
        fewFiles,
      );
      expect(outcome.code).toBe(7);
      expect(socket.bodies).toEqual([promise]);
    },
  );
});

/** Starts what follows with a disk at this path that is full, which not every user may have. */
const withFullDisk = (path: string) => [
  'unshare',
  '--mount',
  ...shell(`mount -t tmpfs -o size=4k none '${path}'; cat /dev/zero > '${path}/x' 2> /dev/null || :`),
];
const [unshare = '', ...rest] = [...withFullDisk('/mnt'), 'true'];
const mayMount = spawnSync(unshare, rest).status === 0;

describe.runIf(mayMount)('a full disk', () => {
  it.each([
    ['sends the promise of the first failure', '1', "failed('a')"],
    ['counts the failures of this process alone', '2', "failed('b')"],
  ])('%s', async (_what, threshold, last) => {
    const full = join(socket.env.TMPDIR, 'full');
    mkdirSync(full);
    const outcome = await runScript(
      `const session = open();
       session.attemptFinished(failed('a'));
       session.attemptFinished(${last});
       await session.close();
       process.exitCode = 7;`,
      { ...socket.env, TMPDIR: full, PROMISE_FAILURE_THRESHOLD: threshold },
      withFullDisk(full),
    );
    expect(outcome).toMatchObject({ code: 7, stdout: '' });
    expect(socket.bodies).toEqual([promise]);
    expect(outcome.stderr.match(/counted in this process alone/g) ?? []).toHaveLength(
      threshold === '1' ? 0 : 1,
    );
  });
});
