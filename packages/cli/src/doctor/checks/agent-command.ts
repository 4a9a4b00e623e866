import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { coerce, gte } from 'semver';
import type { Finding, Place } from '../finding.ts';

const program = 'buildkite-agent';
/** The first with `buildkite-agent job promise-failure`. */
const firstVersion = '3.128.0';

/** Whether the agent's own command can declare. Only its version is asked for. */
export async function checkAgentCommand({ env, signal }: Place): Promise<Finding> {
  const finding = (status: Finding['status'], says: string, todo?: string): Finding => ({
    ...{ check: 'agent', status, says },
    ...(todo !== undefined && { todo }),
  });
  const put = 'put buildkite-agent on the PATH';
  const text = await askVersion(env, signal);
  if (text === undefined) return finding('note', 'there is no buildkite-agent here', put);
  const version = coerce(text, { includePrerelease: true });
  if (version === null) return finding('note', `its version cannot be read: ${text.slice(0, 80)}`, put);
  if (!gte(version, firstVersion)) {
    return finding('note', `${version} has no command for promises`, `update it to ${firstVersion} or newer`);
  }
  return env.BUILDKITE_AGENT_ACCESS_TOKEN
    ? finding('ok', `buildkite-agent ${version}`)
    : finding(
        'note',
        `buildkite-agent ${version}, but BUILDKITE_AGENT_ACCESS_TOKEN is not set`,
        'hand the job’s variables on unchanged',
      );
}

/** What it says of itself; undefined where it cannot be run. The agent's own folder stands last on the PATH. */
function askVersion(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string | undefined> {
  const path = [env.PATH, env.BUILDKITE_BIN_PATH].filter(Boolean).join(delimiter);
  return new Promise((resolve) => {
    execFile(
      program,
      ['--version'],
      { env: { ...env, PATH: path }, timeout: 5000, signal, windowsHide: true },
      (error, stdout) => resolve(error === null ? stdout.trim() : undefined),
    );
  });
}
