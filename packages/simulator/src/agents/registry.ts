import { randomBytes, randomUUID } from 'node:crypto';
import type { TokenHolder } from '../agent/promise-answer.ts';
import type { Clock } from '../clock.ts';
import type { Model } from '../model/model.ts';
import type { Job } from '../model/types.ts';
import { isOver } from '../model/verdicts.ts';

/** An agent that has registered. Times are epoch milliseconds. */
export interface ConnectedAgent {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  /** Its tags as `name=value`, with a queue in any case. */
  readonly tags: readonly string[];
  readonly version: string;
  readonly hostname: string;
  readonly os: string;
  readonly createdAt: number;
  state: 'connected' | 'disconnected' | 'lost';
  lastSeenAt: number;
  /** Takes no jobs until it is resumed. */
  paused: boolean;
  /** Told to disconnect when it asks for a job. */
  stopping: boolean;
  /** What it has been given and has not finished. */
  job: Job | null;
}

/** What an agent says of itself. */
interface AgentSpec {
  readonly name: string;
  readonly tags: readonly string[];
  readonly version: string;
  readonly hostname: string;
  readonly os: string;
}

/** The agents of one server, and all tokens that it gave out. */
export interface AgentRegistry {
  readonly agents: readonly ConnectedAgent[];
  register(spec: AgentSpec): ConnectedAgent;
  /** Also counts as a sign of life. */
  agentOf(token: string): ConnectedAgent | undefined;
  holderOf(token: string): TokenHolder | undefined;
  tokenFor(job: Job): string;
  /** The agent has left or was not heard of; what it ran ends with -1, what it did not begin goes to others. */
  leave(agent: ConnectedAgent, state: 'disconnected' | 'lost'): void;
  /** Returns the way out. */
  subscribe(listener: (agent: ConnectedAgent) => void): () => void;
  close(): void;
}

/** What a registry is made of. */
export interface RegistryOptions {
  readonly clock: Clock;
  readonly model: Model;
  /** Milliseconds without a sign of life after which an agent is lost. */
  readonly lostAfterMs: number;
}

/** Creates an empty registry. */
export function createRegistry({ clock, model, lostAfterMs }: RegistryOptions): AgentRegistry {
  const agents: ConnectedAgent[] = [];
  const jobTokens = new Map<string, TokenHolder>();
  const listeners = new Set<(agent: ConnectedAgent) => void>();
  const tell = (agent: ConnectedAgent) => {
    for (const listener of listeners) listener(agent);
  };

  function leave(agent: ConnectedAgent, state: 'disconnected' | 'lost'): void {
    if (agent.state !== 'connected') return;
    agent.state = state;
    const { job } = agent;
    agent.job = null;
    tell(agent);
    if (job === null || isOver(job)) return;
    if (job.startedAt === null) model.assign(job, null);
    else model.finish(job, { exitStatus: -1, signalReason: 'agent_lost' });
  }

  const timer = setInterval(
    () => {
      const since = clock.now() - lostAfterMs;
      for (const agent of agents)
        if (agent.state === 'connected' && agent.lastSeenAt < since) leave(agent, 'lost');
    },
    Math.min(1000, lostAfterMs),
  ).unref();

  return {
    agents,
    leave,
    register(spec) {
      const now = clock.now();
      const names = new Set(agents.filter(({ state }) => state === 'connected').map(({ name }) => name));
      let spawn = 1;
      const named = () =>
        spec.name.replaceAll('%spawn', String(spawn)).replaceAll('%hostname', spec.hostname);
      while (spec.name.includes('%spawn') && names.has(named())) spawn++;
      const agent: ConnectedAgent = {
        ...spec,
        id: randomUUID(),
        name: named(),
        token: randomBytes(20).toString('hex'),
        tags: spec.tags.some((tag) => tag.startsWith('queue=')) ? spec.tags : ['queue=default', ...spec.tags],
        createdAt: now,
        state: 'connected',
        lastSeenAt: now,
        paused: false,
        stopping: false,
        job: null,
      };
      agents.push(agent);
      tell(agent);
      return agent;
    },
    agentOf(token) {
      const agent = agents.find((known) => known.token === token);
      if (agent !== undefined) agent.lastSeenAt = clock.now();
      return agent;
    },
    holderOf: (token) =>
      jobTokens.get(token) ?? (agents.some((known) => known.token === token) ? 'agent' : undefined),
    tokenFor({ id: jobId }) {
      const token = randomBytes(20).toString('hex');
      jobTokens.set(token, { jobId });
      return token;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}
