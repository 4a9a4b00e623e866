import type { Env } from '../env.ts';
import { DeclarerUnavailableError } from './errors.ts';

/** The proxies of the environment, in the words of undici's `EnvHttpProxyAgent`. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/**
 * As Go reads the environment, and so the agent: the proxy for http does not serve https, one without a scheme
 * is an http proxy, and what is on this machine is reached without any. Throws `DeclarerUnavailableError` for a
 * proxy that is no URL. Source: golang/net http/httpproxy/proxy.go.
 */
export function readProxy(env: Env, url: URL): ProxySettings {
  const secure = url.protocol === 'https:';
  const proxy = checkProxy(
    (secure ? env.https_proxy || env.HTTPS_PROXY : env.http_proxy || env.HTTP_PROXY) ?? '',
  );
  const without = (env.no_proxy || env.NO_PROXY) ?? '';
  return {
    httpProxy: secure ? '' : proxy,
    httpsProxy: secure ? proxy : '',
    noProxy: without.trim() === '*' ? '*' : `localhost,127.0.0.1,[::1],${without}`,
  };
}

/** The message leaves the value out: it may hold a password. */
function checkProxy(proxy: string): string {
  if (proxy === '') return '';
  const url = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (URL.canParse(url)) return url;
  throw new DeclarerUnavailableError('bad proxy', 'the proxy named in the environment is not a URL');
}

/** Whether a request to `url` may go through a proxy; if not, nothing that knows proxies need be loaded. */
export function mayUseProxy(env: Env, url: URL): boolean {
  const { httpProxy, httpsProxy, noProxy } = readProxy(env, url);
  return noProxy !== '*' && (httpProxy !== '' || httpsProxy !== '');
}
