import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Model } from '../model/model.ts';
import type { PipelinePlace } from './build-json.ts';
import { createRateLimiter, type RateLimit } from './rate-limit.ts';
import { answerBuilds, type RestReply, refusal } from './rest-builds.ts';

/** Trouble for one request: nothing done and no answer; done but the answer lost; another answer, done or not. */
type RestFault =
  | { readonly type: 'cut' | 'lost answer' | 'hang' }
  | { readonly type: 'answer'; readonly status: number; readonly body?: string; readonly done?: boolean };

export interface RestApiSetup extends PipelinePlace {
  readonly model: Model;
  /** @default rest-token */
  readonly token?: string;
  readonly rateLimit?: RateLimit;
  /** 0 takes a free port. @default 0 */
  readonly port?: number;
}

/** A request as it came in. */
interface RestRequestSeen {
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
}

/** A running stand-in for Buildkite's REST API. */
export interface RestApi {
  readonly url: string;
  readonly token: string;
  readonly port: number;
  readonly requests: readonly RestRequestSeen[];
  /** Trouble for the next requests, in order; `undefined` lets one pass. */
  readonly faults: (RestFault | undefined)[];
  close(): Promise<void>;
}

/** Serves the builds of a model, of one organization and pipeline, over HTTP on this machine. */
export async function startRestApi(setup: RestApiSetup): Promise<RestApi> {
  const { token = 'rest-token', rateLimit, model } = setup;
  const requests: RestRequestSeen[] = [];
  const faults: (RestFault | undefined)[] = [];
  const count = rateLimit && createRateLimiter(rateLimit, () => performance.now());
  const prefix = `/v2/organizations/${setup.organization}/pipelines/${setup.pipeline}/builds`;

  async function answer(request: IncomingMessage): Promise<RestReply> {
    const body = await readJson(request);
    const url = new URL(request.url ?? '/', 'http://rest');
    if (request.headers.authorization !== `Bearer ${token}`) return refusal(401, 'Authentication required.');
    if (!`${url.pathname}/`.startsWith(`${prefix}/`)) return refusal(404, 'No pipeline found');
    const parts = url.pathname.slice(prefix.length).split('/').filter(Boolean);
    return answerBuilds(model, setup, { method: request.method ?? '', parts, query: url.searchParams, body });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults.shift();
    const seen = (status?: number) =>
      requests.push({ method: request.method ?? '', path: request.url ?? '', status });
    const counted = count?.();
    if (counted?.allowed === false) {
      const { current, resetSeconds: reset } = counted;
      const body = {
        message: 'Rate limit exceeded',
        scope: 'rest',
        limit: rateLimit?.requests,
        current,
        reset,
      };
      seen(429);
      return send(response, { status: 429, body, headers: counted.headers });
    }
    const works =
      fault === undefined || fault.type === 'lost answer' || (fault.type === 'answer' && fault.done);
    const reply = works ? await answer(request) : undefined;
    seen(fault?.type === 'answer' ? fault.status : fault === undefined ? reply?.status : undefined);
    if (fault?.type === 'hang') return;
    if (fault?.type === 'answer') {
      response
        .writeHead(fault.status, { 'content-type': 'text/html' })
        .end(fault.body ?? '<html>trouble</html>');
    } else if (fault !== undefined || reply === undefined) request.socket.destroy();
    else send(response, { ...reply, headers: { ...counted?.headers, ...reply.headers } });
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(setup.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}/v2`, token, port, requests, faults },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, { status, body, headers }: RestReply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const written = Buffer.concat(chunks).toString('utf8');
  try {
    return written === '' ? undefined : JSON.parse(written);
  } catch {
    return undefined;
  }
}
