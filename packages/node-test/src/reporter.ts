import { createSession, type PromiseFailureOptions, type Session } from '@promise-failure/core';
import type { TestEvent } from './event.ts';
import { Facts } from './facts.ts';
import { findSilence } from './silence.ts';

/** Options of the reporter, as in `export default createReporter({ threshold: 3 })` in a file of your own. */
export type NodeTestReporterOptions = PromiseFailureOptions;

/** A reporter of node:test that yields nothing. An arrow function, since Node calls any other kind with `new`. */
export function createReporter(
  options?: NodeTestReporterOptions,
  open = createSession,
): (events: AsyncIterable<TestEvent>) => AsyncGenerator<string> {
  return (events) => {
    // Before the first file is started: what runs below this run learns of it from the environment.
    const silence = findSilence(process.execArgv, process.env);
    const rootDir = process.cwd();
    return follow(open({ runner: 'node-test', options, exitStatus: 1, rootDir, silence }), events);
  };
}

/** Events are taken to the end in any case: Node holds them all for a reporter that stops. */
async function* follow(session: Session, events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const facts = new Facts(session);
  for await (const event of events) {
    if (session.active) session.guard(event.type, () => facts.take(event));
  }
  if (session.active) session.guard('end', () => facts.end());
  await session.close();
}
