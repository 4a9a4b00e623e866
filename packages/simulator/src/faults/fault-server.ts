import { unlinkSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { type Answer, send } from './fault-answer.ts';
import { type FaultQueue, type FaultScript, type FaultStage, strikesAt } from './faults.ts';

/** One request as it arrived. `at` is epoch milliseconds, fractions included, when its headers were read. */
export interface RecordedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The server's own behaviour. A rejection is answered by 500 with no body, as Go's recovery middleware does. */
type Handler = (request: RecordedRequest) => Answer | Promise<Answer>;

/** A listening HTTP server that records its requests and plays faults. */
export interface FaultServer {
  readonly requests: readonly RecordedRequest[];
  readonly faults: FaultQueue;
  /** The TCP port; 0 on a unix socket. */
  readonly port: number;
  /** Takes the socket file away; open connections go on. */
  removeSocket(): void;
  /** Resolves when no request is being answered, after `limitMs` at the latest. */
  idle(limitMs: number): Promise<void>;
  /** Ends listening and breaks every connection; safe to repeat. */
  close(): Promise<void>;
}

/** What a fault server is made of: `path` is a unix socket, otherwise it listens on 127.0.0.1. */
export interface FaultServerOptions {
  readonly clock: Clock;
  readonly faults: FaultQueue;
  readonly handler: Handler;
  readonly path?: string;
}

/** What the functions of one server share. */
interface Running extends FaultServerOptions {
  readonly http: HttpServer;
  readonly net: Server;
  readonly requests: RecordedRequest[];
  readonly sockets: Set<Socket>;
  readonly busy: Set<Promise<void>>;
}

/** Starts a server on a unix socket or a free port of 127.0.0.1. */
export async function startFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const { faults, path } = options;
  const http = createHttpServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 60_000 });
  const net = createServer();
  const running: Running = { ...options, http, net, requests: [], sockets: new Set(), busy: new Set() };
  net.on('connection', (socket) => accept(running, socket));
  http.on('request', (request, response) => {
    // A client that went away in the middle is its own affair; the handler's effect stays.
    const served = serve(running, request, response).catch(() => void request.socket.destroy());
    running.busy.add(served);
    void served.then(() => running.busy.delete(served));
  });
  await listen(net, path);
  const address = net.address();
  return {
    requests: running.requests,
    faults,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    removeSocket: () => removeSocket(running),
    close: () => close(running),
    async idle(limitMs) {
      await Promise.race([Promise.all(running.busy), sleep(limitMs, undefined, { ref: false })]);
    },
  };
}

function accept(running: Running, socket: Socket): void {
  const { sockets, faults, http } = running;
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  const fault = faults.takeAtConnect();
  if (fault === undefined) http.emit('connection', socket);
  else strike(running, fault, 'connect', socket);
}

async function serve(running: Running, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { clock, faults, requests, handler } = running;
  const { socket } = request;
  const at = clock.now();
  const fault = faults.take();
  if (strike(running, fault, 'connect', socket)) return;
  const recorded = await record(request, at);
  requests.push(recorded);
  if (fault.removeSocket) removeSocket(running);
  const scripted = scriptedAnswer(fault);
  const isLost = strikesAt(fault, 'request') || scripted !== undefined;
  const real = !isLost || fault.handled ? await runHandler(handler, recorded) : undefined;
  if (strike(running, fault, 'request', socket)) return;
  if (fault.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
  const answer = scripted ?? real ?? { status: 200 };
  await send(answer, fault, response, (stage) => strike(running, fault, stage, socket));
}

/** Plays the fault if it strikes at this stage: the call is then over for us. */
function strike(running: Running, fault: FaultScript, stage: FaultStage, socket: Socket): boolean {
  if (!strikesAt(fault, stage)) return false;
  if (fault.kill === stage) void close(running);
  else if (fault.reset === stage) breakConnection(socket, running.path !== undefined);
  return true;
}

function close({ net, sockets }: Running): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => {
    if (net.listening) net.close(() => resolve());
    else resolve();
  });
}

function removeSocket({ path }: Running): void {
  if (path !== undefined) unlinkSync(path);
}

function scriptedAnswer({ status, headers, body }: FaultScript): Answer | undefined {
  const isScripted = status !== undefined || headers !== undefined || body !== undefined;
  return isScripted ? { status: status ?? 200, headers: headers ?? {}, body: body ?? '' } : undefined;
}

async function runHandler(handler: Handler, request: RecordedRequest): Promise<Answer> {
  try {
    return await handler(request);
  } catch {
    return { status: 500 };
  }
}

async function record(request: IncomingMessage, at: number): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  return { at, method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
}

function breakConnection(socket: Socket, isUnix: boolean): void {
  if (isUnix) socket.destroy();
  else socket.resetAndDestroy();
}

function listen(server: Server, path: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    if (path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(path, resolve);
  });
}
