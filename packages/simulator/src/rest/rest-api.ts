import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RateLimit, RateLimits } from './rate-limit.ts';
import { restApp } from './rest-app.ts';
import type { RestWorld } from './world.ts';

/** Trouble for one request: nothing done and no answer; done but the answer lost; another answer, done or not. */
type RestFault =
  | { readonly type: 'cut' | 'lost answer' | 'hang' }
  | { readonly type: 'answer'; readonly status: number; readonly body?: string; readonly done?: boolean };

export interface RestApiSetup extends RestWorld {
  /** @default rest-token */
  readonly token?: string;
  /** One limit holds for the organization and for the user alike. */
  readonly rateLimit?: RateLimit | RateLimits;
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
  const { token = 'rest-token', rateLimit } = setup;
  const requests: RestRequestSeen[] = [];
  const faults: (RestFault | undefined)[] = [];
  const rateLimits =
    rateLimit && ('user' in rateLimit ? rateLimit : { organization: rateLimit, user: rateLimit });
  const app = restApp(setup, { token, rateLimits });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults.shift();
    const seen = (status?: number) =>
      requests.push({ method: request.method ?? '', path: request.url ?? '', status });
    const works =
      fault === undefined || fault.type === 'lost answer' || (fault.type === 'answer' && fault.done);
    const reply = works ? await app.fetch(await asRequest(request)) : undefined;
    seen(fault?.type === 'answer' ? fault.status : fault === undefined ? reply?.status : undefined);
    if (fault?.type === 'hang') return;
    if (fault?.type === 'answer') {
      response
        .writeHead(fault.status, { 'content-type': 'text/html' })
        .end(fault.body ?? '<html>trouble</html>');
    } else if (fault !== undefined || reply === undefined) request.socket.destroy();
    else {
      const body = Buffer.from(await reply.arrayBuffer());
      response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(body);
    }
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

async function asRequest(request: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = 'GET', url = '/' } = request;
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(new URL(url, 'http://rest'), {
    method,
    headers,
    ...(hasBody && { body: Buffer.concat(chunks).toString('utf8') }),
  });
}
