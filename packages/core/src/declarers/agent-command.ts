import { stripVTControlCharacters } from 'node:util';
import type { Env } from '../env.ts';
import { classifyStatus } from '../http/classify.ts';
import { DeclarerUnavailableError } from '../http/errors.ts';
import type { DeclareResult, Declarer } from '../vocabulary.ts';
import { type AgentCommandSeams, runAgent } from './run-agent.ts';

/**
 * Declares by the agent's own command, which brings its own trust in certificates and its own proxy settings.
 * Resolves with the verdict of its exit; rejects with `DeclarerUnavailableError` when there is no such command.
 * Killed on abort. The token stays in the environment. Source: buildkite/agent clicommand/job_promise_failure.go.
 */
export function createAgentCommand(env: Env, seams: AgentCommandSeams = {}): Declarer {
  return {
    name: 'buildkite-agent',
    async declare(request, signal) {
      const reason = `--reason=${request.reason.replaceAll('\0', '')}`;
      const args = ['job', 'promise-failure', String(request.exitStatus), reason];
      const { code, output } = await runAgent(env, { args }, signal, seams);
      return readExit(code, output);
    },
  };
}

/** The texts that agent 3.128 to 4.0 ends with, and what stands for a status in them. */
const refusals: readonly (readonly [text: RegExp, status: number])[] = [
  [/different promised exit status has already been declared/, 409],
  [/no longer running/, 422],
];

function readExit(code: number | null, output: string): DeclareResult {
  if (code === 0) return { accepted: true, outcome: 'declared' };
  const text = stripVTControlCharacters(output).trim();
  if (/No help topic for|is not a buildkite-agent (sub)?command/.test(text)) {
    throw new DeclarerUnavailableError('too old', 'the agent is older than 3.128.0');
  }
  // What a shell answers for a command that cannot be run: a wrapper in place of the agent may end so.
  if (code === 126 || code === 127)
    throw new DeclarerUnavailableError(`exit ${code}`, `it cannot be run: ${text}`);
  const status = refusals.find(([refusal]) => refusal.test(text))?.[1] ?? statusIn(text);
  return {
    accepted: false,
    outcome: 'declared',
    verdict: classifyStatus(status ?? 0),
    message: (text.split('\n').at(-1) ?? '').slice(0, 512) || `it ended with ${code ?? 'a signal'}`,
    ...(status !== undefined && { upstreamStatus: status }),
  };
}

/** From `PUT https://...: 404 Not Found: ...`. */
function statusIn(text: string): number | undefined {
  const status = /PUT \S+: (\d{3}) /.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}
