import { expect, it } from 'vitest';
import { isDeclarerUnavailable } from './errors.ts';
import { readProxy } from './read-proxy.ts';

const https = new URL('https://agent.buildkite.com/v3');
const http = new URL('http://agent.test/v3');
const none = { httpProxy: '', httpsProxy: '', noProxy: 'localhost,127.0.0.1,[::1],' };

it.each([
  ['none', {}, https, none],
  ['https', { HTTPS_PROXY: 'http://p:1' }, https, { ...none, httpsProxy: 'http://p:1' }],
  [
    'https in small letters first',
    { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:2' },
    https,
    { ...none, httpsProxy: 'http://q:2' },
  ],
  [
    'an empty name as none',
    { HTTPS_PROXY: 'http://p:1', https_proxy: '' },
    https,
    { ...none, httpsProxy: 'http://p:1' },
  ],
  ['no http proxy for https', { HTTP_PROXY: 'http://p:1' }, https, none],
  ['http', { http_proxy: 'http://p:1' }, http, { ...none, httpProxy: 'http://p:1' }],
  ['no https proxy for http', { https_proxy: 'http://p:1' }, http, none],
  [
    'a proxy without a scheme',
    { HTTPS_PROXY: 'proxy.corp:3128' },
    https,
    { ...none, httpsProxy: 'http://proxy.corp:3128' },
  ],
  ['hosts without a proxy', { NO_PROXY: '.corp' }, https, { ...none, noProxy: `${none.noProxy}.corp` }],
  ['no proxy for any host', { no_proxy: ' * ' }, https, { ...none, noProxy: '*' }],
] as const)('reads %s', (_, env, url, settings) => {
  expect(readProxy(env, url)).toEqual(settings);
});

it('refuses what is no URL, and does not repeat the password in it', () => {
  let error: unknown;
  try {
    readProxy({ HTTPS_PROXY: 'http://me:hunter22@pro xy' }, https);
  } catch (caught) {
    error = caught;
  }
  expect(isDeclarerUnavailable(error)).toBe(true);
  expect(String(error)).not.toContain('hunter22');
});
