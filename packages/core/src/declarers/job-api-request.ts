import type { Socket } from 'node:net';
import { fs } from '../builtins.ts';
import type { Env } from '../env.ts';
import type { DeclareRequest } from '../vocabulary.ts';

/**
 * Sends the declaration at once to the agent that runs this job, and does not ask what came of it: whoever asks the same
 * of the agent afterwards shares its answer. By bytes over a bare socket, not by `node:http`: tests in this same thread
 * may have put a recorder of requests in its place (nock, msw), in which a token must not end. Keeps no process alive.
 * False where the agent offers no Job API, or is not there at once. Source: buildkite/agent jobapi/promise_failure.go.
 */
export function sendToJobApi(env: Env, { exitStatus, reason }: DeclareRequest): boolean {
  const { BUILDKITE_AGENT_JOB_API_SOCKET: path, BUILDKITE_AGENT_JOB_API_TOKEN: token } = env;
  if (!path || !token || !/^[!-~]+$/.test(token)) return false;
  const body = JSON.stringify({ exit_status: exitStatus, reason });
  const head = [
    'POST /api/current-job/v0/promise-failure HTTP/1.0',
    'Host: job',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ].join('\r\n');
  const bytes = Buffer.from(`${head}\r\n\r\n${body}`);
  const { Socket } = process.getBuiltinModule('node:net');
  const socket = new Socket();
  // The other thread meets the same trouble, and tells of it.
  socket.on('error', () => {});
  socket.connect(path).unref().resume();
  const sent = writeNow(socket, bytes);
  if (sent === 0) socket.destroy();
  else if (sent < bytes.length) socket.write(bytes.subarray(sent));
  return sent > 0;
}

/**
 * A socket on this machine is connected at once, though its event comes only when the tests let it. Node has no public
 * word for its descriptor (20.19 to 26: `_handle.fd`). Gives the number of bytes written.
 */
function writeNow(socket: Socket, bytes: Buffer): number {
  const descriptor: unknown = Object(Reflect.get(socket, '_handle')).fd;
  if (typeof descriptor !== 'number' || descriptor < 0) return 0;
  try {
    return fs.writeSync(descriptor, bytes);
  } catch {
    return 0;
  }
}
