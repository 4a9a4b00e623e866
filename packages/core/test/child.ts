import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a script in a process of its own came to. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Names that a script finds: a session's opener and facts to tell it. */
const prelude = `
  const { createSession } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../dist/session-entry/index.js')).href)});
  const open = (options) => createSession({ runner: 'jest', options, exitStatus: 1, rootDir: process.cwd() });
  const failed = (id) => ({ id, test: { scope: 'S', name: id, file: '/f', titlePath: ['S', id] }, status: 'failed', willRunAgain: 'no' });
  const blockThread = (ms) => { const end = Date.now() + ms; while (Date.now() < end); };
`;

/** Runs the script with the built package and only these variables; `through` is a command that starts what follows. */
export function runScript(
  script: string,
  env: Readonly<Record<string, string>>,
  through: readonly string[] = [],
): Promise<Outcome> {
  const startedAt = Date.now();
  const [command = '', ...args] = [
    ...through,
    process.execPath,
    '--input-type=module',
    '-e',
    prelude + script,
  ];
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process that never ends fails its test, and must not outlive it.
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout, stderr, ms: Date.now() - startedAt }),
    );
  });
}

/** A Job API that accepts at once, or never answers. */
export async function openSocket(answers: 'accepts' | 'hangs' = 'accepts') {
  const folder = mkdtempSync(join(tmpdir(), 'pf-core-'));
  const socket = join(folder, 's');
  const bodies: { exit_status: number; reason: string }[] = [];
  const arrivals: number[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      arrivals.push(Date.now());
      bodies.push(JSON.parse(body));
      if (answers === 'hangs') return;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ outcome: 'declared', accepted: true, upstream_status: 204 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    bodies,
    arrivals,
    env: {
      PROMISE_FAILURE: 'true',
      BUILDKITE_JOB_ID: folder,
      TMPDIR: folder,
      BUILDKITE_AGENT_JOB_API_SOCKET: socket,
      BUILDKITE_AGENT_JOB_API_TOKEN: 'T0kenOfTheJobApi'.repeat(2),
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
