import type { Dispatcher } from 'undici';
import type { Env } from '../env.ts';
import { loadUndici } from '../packages.ts';
import { type Answer, ask, type Question } from './ask.ts';
import { openDispatcher } from './open-dispatcher.ts';
import { readBody } from './read-body.ts';
import { mayUseProxy } from './read-proxy.ts';

/** How requests are made, and what is to be ended after them. */
export interface Way {
  readonly ask: (url: URL, question: Question) => Promise<Answer>;
  close(): Promise<void>;
}

/**
 * Opens the way to `url`: Node's own modules, or where there may be a proxy undici, which knows proxies and takes 50 ms to
 * load. `given` is used instead, and left open.
 */
export async function openWay(env: Env, url: URL, given?: Dispatcher): Promise<Way> {
  if (given === undefined && !mayUseProxy(env, url)) return { ask, close: async () => {} };
  const dispatcher = given ?? (await openDispatcher(env, url));
  const { request } = await loadUndici();
  return {
    async ask(to, question) {
      const answer = await request(to, { dispatcher, ...question });
      return { status: answer.statusCode, headers: answer.headers, text: await readBody(answer.body) };
    },
    // Not closed but destroyed: a connection kept for later would keep the process.
    close: async () => (given === undefined ? dispatcher.destroy() : undefined),
  };
}
