import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';

/** A server that listens on 127.0.0.1 and answers nothing before it is told how. */
export interface OpenPort {
  readonly port: number;
  answerWith(app: Hono): void;
  close(): Promise<void>;
}

/** Listens. Rejects with a text for people if it is taken. */
export async function openPort(port: number): Promise<OpenPort> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken on 127.0.0.1: stop what listens there, or give --port another number (0 takes a free one).`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    answerWith: (app) => void server.on('request', getRequestListener(app.fetch)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
