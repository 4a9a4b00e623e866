import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './self-signed.ts';

/** A server whose certificate nobody trusts; it lives as long as the process that tests. */
export async function untrustedEndpoint(): Promise<string> {
  const server = createServer({ key: selfSigned, cert: selfSigned }, (_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/v3`;
}
