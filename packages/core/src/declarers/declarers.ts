import type { Env } from '../env.ts';
import type { Declarer, DeclarerName } from '../vocabulary.ts';
import { type AgentApiSeams, createAgentApi } from './agent-api.ts';
import { createFallback, type Declare, type FallbackSeams } from './fallback.ts';
import { createJobApi, type JobApiSeams } from './job-api.ts';
import type { AgentCommandSeams } from './run-agent.ts';

export interface DeclarersSeams extends FallbackSeams {
  /** Told each step that is no verdict yet: hand-overs and waits. */
  readonly onStep?: ((line: string) => void) | undefined;
  readonly jobApi?: JobApiSeams | undefined;
  readonly agentApi?: AgentApiSeams | undefined;
  readonly agentCommand?: AgentCommandSeams | undefined;
}

/**
 * All ways from a job to Buildkite, tried in order of preference: Job API, Agent API, the agent's command.
 * The command is loaded when its turn comes; the two before it are one file with what calls them, since each file
 * more takes a millisecond of a loaded machine.
 */
export function createDeclarers(env: Env, seams: DeclarersSeams = {}): Declare {
  const { onStep = () => {} } = seams;
  const agentApi: AgentApiSeams = {
    onWait: (made, ms, value) => onStep(`Agent API: call ${made}: ${messageOf(value)}; next in ${ms} ms`),
    ...seams.agentApi,
  };
  const declarers = [
    createJobApi(env, seams.jobApi),
    createAgentApi(env, agentApi),
    lazily('buildkite-agent', async () =>
      (await import('./agent-command.ts')).createAgentCommand(env, seams.agentCommand),
    ),
  ];
  const onHandOver = (from: DeclarerName, why: string) => onStep(`${from} hands over: ${why}`);
  return createFallback(declarers, { onHandOver, ...seams });
}

/** Of a refusal, or of the error that stands for no answer. */
function messageOf(value: unknown): string {
  return String(Object(value).message ?? value);
}

function lazily(name: DeclarerName, load: () => Promise<Declarer>): Declarer {
  return { name, declare: async (request, signal) => (await load()).declare(request, signal) };
}
