import type { ServerResponse } from 'node:http';
import { type FaultScript, type FaultStage, strikesAt } from './faults.ts';

/** A whole answer, before a fault spoils it. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends the answer as far as the fault lets it; `strike` plays the fault at a stage if it is due there. */
export async function send(
  answer: Answer,
  fault: FaultScript,
  response: ServerResponse,
  strike: (stage: FaultStage) => boolean,
): Promise<void> {
  const body = Buffer.from(answer.body ?? '');
  const withoutBody = answer.status === 204 || answer.status === 304;
  const length = withoutBody ? {} : { 'content-length': String(body.length) };
  response.writeHead(answer.status, { ...length, ...answer.headers });
  if (strikesAt(fault, 'headers') || strikesAt(fault, 'body') || fault.truncate) {
    const half = strikesAt(fault, 'headers') ? body.subarray(0, 0) : body.subarray(0, body.length >> 1);
    await flush(response, half);
    if (strike('headers') || strike('body')) return;
    response.socket?.end();
    return;
  }
  response.end(withoutBody ? undefined : body);
}

function flush(response: ServerResponse, part: Buffer): Promise<void> {
  response.flushHeaders();
  return new Promise((resolve) => response.write(part, () => resolve()));
}
