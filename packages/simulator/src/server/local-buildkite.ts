import { randomBytes } from 'node:crypto';
import { type Simulator, startSimulator } from '../agent/simulator.ts';
import { fits } from '../agents/dispatch.ts';
import { type AgentRegistry, createRegistry } from '../agents/registry.ts';
import { createJobLogs, type JobLogs } from '../logs/job-logs.ts';
import type { Build, BuildSpec, Job } from '../model/types.ts';
import { createBuilds } from './builds.ts';
import { openPort } from './listen.ts';
import { startNotify } from './notify.ts';
import type { LocalBuildkiteOptions } from './options.ts';
import { serverApp } from './server-app.ts';

/** The tokens of one start; no other is accepted. */
interface Tokens {
  /** For `buildkite-agent start`. */
  readonly registration: string;
  /** For REST and Test Engine. */
  readonly api: string;
  /** What receivers of webhooks check. */
  readonly webhook: string;
}

/** A local Buildkite that agents and clients connect to. */
export interface LocalBuildkite {
  readonly url: string;
  /** 0 where nothing listens. */
  readonly port: number;
  readonly tokens: Tokens;
  readonly simulator: Simulator;
  readonly logs: JobLogs;
  readonly agents: AgentRegistry;
  /** Why no build of the pipeline can be made; undefined if one can. */
  problem(): string | undefined;
  /** Makes a build of the pipeline; a text says why not. */
  startBuild(spec?: BuildSpec): Build | string;
  close(): Promise<void>;
}

/** Starts a local Buildkite on 127.0.0.1. Rejects with a text for people if the port is taken. */
export async function startLocalBuildkite(options: LocalBuildkiteOptions): Promise<LocalBuildkite> {
  const { heartbeatSeconds = 10, agents: whoRuns = 'either', organization, pipeline } = options;
  const door = options.port === undefined ? undefined : await openPort(options.port);
  const url = door === undefined ? 'https://buildkite.com' : `http://127.0.0.1:${door.port}`;
  const logs = createJobLogs();
  const simulator = await startSimulator({
    ...(organization !== undefined && { organization }),
    ...(pipeline !== undefined && { pipeline }),
    webUrl: url,
    upload: (job, steps) => builds.upload(job, steps),
  });
  const { model, clock } = simulator;
  const place = {
    organization: simulator.organization,
    pipeline: simulator.pipeline,
    apiUrl: `${url}/v2`,
    webUrl: url,
  };
  const notify = startNotify(model, place, options.notify ?? {}, options.say);
  const tokens: Tokens = { registration: makeToken(), api: makeToken(), webhook: notify.token };
  const agents = createRegistry({ clock, model, lostAfterMs: heartbeatSeconds * 3000 });
  const isAnyConnected = () => agents.agents.some(({ state }) => state === 'connected');
  const takes = () => whoRuns === 'own' || (whoRuns === 'either' && !isAnyConnected());
  const builds = createBuilds(simulator, logs, options, takes);
  agents.subscribe((agent) => {
    const queue = agent.tags.filter((tag) => tag.startsWith('queue=')).join(', ');
    options.say(
      `Agent ${agent.name} (${queue}) ${agent.state === 'lost' ? 'is lost: no heartbeat came' : agent.state}`,
    );
    builds.look();
  });
  model.subscribe((event) => {
    if (event.type === 'job.scheduled' && !takes()) sayIfNobodyFits(event.job, agents, options.say);
  });
  door?.answerWith(serverApp({ url, tokens, simulator, logs, agents, builds, heartbeatSeconds, options }));
  return {
    ...{ url, port: door?.port ?? 0, tokens, simulator, logs, agents },
    problem: () => builds.problem(),
    startBuild: (spec = {}) => builds.start(spec),
    async close() {
      builds.close();
      agents.close();
      await Promise.all([door?.close(), simulator.close(), notify.close()]);
    },
  };
}

function sayIfNobodyFits(job: Job, { agents }: AgentRegistry, say: (line: string) => void): void {
  if (agents.some((agent) => agent.state === 'connected' && fits(agent, job))) return;
  say(
    `${job.step.label} waits for an agent with ${job.step.agents.join(', ')}; none of those connected has that`,
  );
}

function makeToken(): string {
  return randomBytes(20).toString('hex');
}
