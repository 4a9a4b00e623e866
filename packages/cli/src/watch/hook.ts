import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { ExplainedReport } from './evidence.ts';

/**
 * Runs a shell command with the report as JSON on its stdin and its heads in the environment. Resolves with its
 * exit status, with 128 and the number of a signal that ended it, or with 127 where it could not be started. Its
 * output goes to stderr: stdout is the watch's own.
 */
export function runOnFailing(
  command: string,
  report: ExplainedReport,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['pipe', 2, 2],
      env: {
        ...env,
        PROMISE_FAILURE_BUILD: report.id,
        PROMISE_FAILURE_BUILD_URL: report.url ?? '',
        PROMISE_FAILURE_BUILD_STATUS: report.status,
      },
    });
    child.once('error', () => resolve(127));
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
    // A command that does not read its stdin ends it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(JSON.stringify(report));
  });
}
