import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultMaxBodyBytes, type Receiver, type ReceiverVerdict } from './receiver.ts';
import { createRefusalTeller, type Refusal } from './refusals.ts';

/** What to do with each verdict, and how much of a body to read. */
export interface MountOptions {
  /** Called before the answer is sent, in the order of arrival. Where it throws, the answer is 500. */
  readonly onVerdict: (verdict: ReceiverVerdict) => void;
  /** Told of refused requests: of the first, and then at most once in `refusalEveryMs`. @default nothing */
  readonly onRefusal?: ((refusal: Refusal) => void) | undefined;
  /** @default 60000 */
  readonly refusalEveryMs?: number | undefined;
  /** Told what `onVerdict` or `onRefusal` has thrown. @default process.emitWarning */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Must be that of the receiver. @default 1048576 */
  readonly maxBodyBytes?: number | undefined;
}

/**
 * Mounts a receiver in a `node:http` server, or in anything that takes its listeners. Answers every POST, and
 * never throws, whatever is sent.
 */
export function mountReceiver(receiver: Receiver, options: MountOptions) {
  const { onVerdict, onRefusal = () => {}, refusalEveryMs = 60_000 } = options;
  const { onError = warn, maxBodyBytes = defaultMaxBodyBytes } = options;
  const tellRefusal = createRefusalTeller(onRefusal, {
    everyMs: refusalEveryMs,
    now: () => performance.now(),
  });

  /** The status to answer with. */
  function handOver(verdict: ReceiverVerdict): number {
    try {
      onVerdict(verdict);
      if (!verdict.accepted) tellRefusal(verdict.problem);
      return verdict.status;
    } catch (error) {
      onError(error);
      return 500;
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const rawBody = await readBody(request, maxBodyBytes);
    const verdict = rawBody === undefined ? tooLarge : receiver({ headers: request.headers, rawBody });
    // A body that was not read to its end would be taken for the next request.
    response.writeHead(handOver(verdict), rawBody === undefined ? { connection: 'close' } : {}).end();
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method === 'POST') serve(request, response).catch(() => response.destroy());
    else response.writeHead(405, { allow: 'POST' }).end();
  };
}

const tooLarge: ReceiverVerdict = { accepted: false, status: 413, problem: 'the body is too large' };

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}

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
