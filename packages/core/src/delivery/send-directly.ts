import type { ChannelMessage } from '../channel/channel.ts';
import type { PrepareDirect } from '../channel/direct.ts';
import { decide } from '../decision/decide.ts';
import { sendToJobApi } from '../declarers/job-api-request.ts';
import { lookAround } from '../layers/layers.ts';
import { createRedactor } from '../redaction/redact.ts';
import { mayMute } from './may-mute.ts';
import { describeFailures } from './reason.ts';

/**
 * For the runner's own thread, the sender of a first failure: to start the delivery's thread takes longer than all
 * else on the way of a promise. That thread asks the agent the same all the same, since this one may be too busy to
 * send, and answers for the promise. Only where nothing is muted, and nothing stands around the runner; whether one failure
 * suffices says `decide`. Not where a process's ancestors are told by a command alone, which would hold up the tests.
 */
export const prepare: PrepareDirect = (setup) => {
  const { config, env } = setup;
  if (config.mode !== 'on' || process.platform !== 'linux') return undefined;
  const layers = lookAround(config, env, setup);
  if (layers.flippers.length > 0 || layers.outerRetries > 0 || mayMute(setup, layers)) return undefined;
  const redactor = createRedactor(env);
  const redact = (text: string) => redactor.redact(text).text;
  return (message) => {
    const failure = readFailure(message);
    if (failure === undefined) return undefined;
    const { tests, runErrors } = failure;
    const decision = decide(
      {
        ...{ testFailures: tests.length, runErrors: runErrors.length, weakRunErrors: 0, awaitingRetry: 0 },
        ...{
          muted: 'none',
          mutedFailures: 0,
          cancelled: false,
          ended: false,
          flippers: [],
          total: undefined,
        },
      },
      config,
    );
    if (!decision.promise) return undefined;
    const reason = redact(describeFailures(tests, runErrors, decision.hardFailures, redact));
    const request = { exitStatus: decision.exitStatus, reason };
    return sendToJobApi(env, request) ? request : undefined;
  };
};

/** An exit status that nothing explains comes too late for anything to leave this thread. */
function readFailure(message: ChannelMessage) {
  if (message.type === 'failed') return { tests: [message.test], runErrors: [] };
  if (message.type === 'run error' && message.error.kind !== 'exit') {
    return { tests: [], runErrors: [message.error] };
  }
  return undefined;
}
