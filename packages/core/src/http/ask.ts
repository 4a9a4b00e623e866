import { createLookUp } from './look-up.ts';
import { readBody } from './read-body.ts';
import type { AnswerHeaders } from './retry-after.ts';

export interface Question {
  readonly method: 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
}

/**
 * Makes one request over a connection of its own, without a proxy. By Node's own modules, because loading undici takes
 * longer than all else on the way of a promise. Rejects with what Node says, and for a body that is too long.
 */
export function ask(url: URL, { body, ...options }: Question): Promise<Answer> {
  const { request } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    const call = request(url, { ...options, agent: false, lookup: createLookUp() });
    call.setHeader('Content-Length', Buffer.byteLength(body));
    call.on('error', reject);
    call.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      readBody(response).then((text) => resolve({ status, headers, text }), reject);
    });
    call.end(body);
  });
}
