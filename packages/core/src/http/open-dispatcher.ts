import type { Dispatcher } from 'undici';
import type { Env } from '../env.ts';
import { loadUndici } from '../packages.ts';
import { createLookUp } from './look-up.ts';
import { readProxy } from './read-proxy.ts';

/**
 * A way to `url` through the environment's proxies. HTTP/1.1 whatever `BUILDKITE_NO_HTTP2` says: a small request gains
 * nothing from HTTP/2, which proxies break. Loads undici.
 */
export async function openDispatcher(
  env: Env,
  url: URL,
  options: { readonly maxResponseSize?: number } = {},
): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await loadUndici();
  const connect = { lookup: createLookUp() };
  return new EnvHttpProxyAgent({ ...readProxy(env, url), ...options, connect, proxyTls: connect });
}
