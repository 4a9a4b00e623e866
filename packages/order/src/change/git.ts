import { execFile } from 'node:child_process';

/** What git printed, or why there is nothing. */
export type Answer = { readonly out: string } | { readonly because: string };

/** Runs git in a folder. Never rejects. */
export type Git = (args: readonly string[], cwd: string) => Promise<Answer>;

const maxBytes = 16 * 1024 * 1024;

/** A git that is killed when all that it is asked has taken `limitMs`. */
export function createGit(limitMs: number, env: NodeJS.ProcessEnv = process.env): Git {
  const signal = AbortSignal.timeout(limitMs);
  return (args, cwd) =>
    new Promise((resolve) => {
      const options = {
        cwd,
        signal,
        maxBuffer: maxBytes,
        windowsHide: true,
        // Messages are told apart by their words; no lock may get in the way of a git beside us.
        env: { ...env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
      };
      execFile('git', [...args], options, (error, stdout, stderr) => {
        if (error === null) resolve({ out: stdout });
        else if (signal.aborted) resolve({ because: `git took more than ${limitMs} ms` });
        else if (error.code === 'ENOENT') resolve({ because: 'there is no git' });
        else resolve({ because: stderr.trim().split('\n')[0] || error.message });
      });
    });
}
