import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import type { RestOptions } from './client.ts';
import { RestError } from './error.ts';

/** Fetches a file whose address REST tells by a redirect; resolves with its text. Rejects as `RestClient` does. */
export type Download = (path: string, mostBytes: number, signal: AbortSignal) => Promise<string>;

/**
 * The token goes to the REST API alone: the storage to which it points has an address that needs none.
 * Source: buildkite/docs pages/apis/rest_api/artifacts.md.
 */
export function createDownload({
  token,
  baseUrl = 'https://api.buildkite.com/v2',
  timeoutMs = 30_000,
  dispatcher = new EnvHttpProxyAgent(),
}: RestOptions): Download {
  const root = baseUrl.replace(/\/+$/, '');
  const limits = { dispatcher, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  return async (path, mostBytes, signal) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    const first = await request(root + path, { ...limits, headers, signal });
    const location = String(first.headers.location ?? '');
    if (first.statusCode === 200) return readText(first.body, mostBytes);
    await first.body.dump();
    if (first.statusCode !== 302 || !/^https?:/.test(location)) throw failure(path, first.statusCode);
    const file = await request(location, { ...limits, signal });
    if (file.statusCode === 200) return readText(file.body, mostBytes);
    await file.body.dump();
    throw failure(path, file.statusCode);
  };
}

async function readText(body: Dispatcher.ResponseData['body'], mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > mostBytes) throw new RangeError(`the file is longer than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failure(path: string, status: number): RestError {
  return new RestError(`GET ${path}: ${status}`, { status });
}
