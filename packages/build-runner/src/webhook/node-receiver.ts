import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultMaxBodyBytes, type Receiver, type ReceiverVerdict } from './receiver.ts';

/** What to do with each verdict, and how much of a body to read. */
export interface MountOptions {
  /** Called before the answer is sent, in the order of arrival; must not throw. */
  readonly onVerdict: (verdict: ReceiverVerdict) => void;
  /** Must be that of the receiver. @default 1048576 */
  readonly maxBodyBytes?: number;
}

/** Mounts a receiver in a `node:http` server, or in anything that takes its listeners. Answers every POST. */
export function mountReceiver(
  receiver: Receiver,
  { onVerdict, maxBodyBytes = defaultMaxBodyBytes }: MountOptions,
) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
      return;
    }
    const answer = (verdict: ReceiverVerdict) => {
      onVerdict(verdict);
      // A body that was not read to its end would be taken for the next request.
      const close = verdict.status === 413 ? { connection: 'close' } : {};
      response.writeHead(verdict.status, close).end();
    };
    const { headers } = request;
    readBody(request, maxBodyBytes).then(
      (rawBody) => answer(rawBody === undefined ? tooLarge : receiver({ headers, rawBody })),
      () => response.destroy(),
    );
  };
}

const tooLarge: ReceiverVerdict = { accepted: false, status: 413, problem: 'the body is too large' };

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
