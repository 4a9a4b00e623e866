import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { jobRoutes } from '../agent/job-routes.ts';
import type { Simulator } from '../agent/simulator.ts';
import { acceptedEnvironment, type NamedAgent } from '../agents/accepted-job.ts';
import type { AgentRegistry, ConnectedAgent } from '../agents/registry.ts';
import { runRoutes } from '../agents/run-routes.ts';
import { selfRoutes } from '../agents/self-routes.ts';
import { workerRoutes } from '../agents/worker-routes.ts';
import type { JobLogs } from '../logs/job-logs.ts';
import type { Job } from '../model/types.ts';
import { pageApp } from '../page/page-app.ts';
import { restApp } from '../rest/rest-app.ts';
import type { RestWorld } from '../rest/world.ts';
import { engineApp } from '../test-engine/engine-app.ts';
import type { Builds } from './builds.ts';
import type { LocalBuildkiteOptions } from './options.ts';
import { storageApp } from './storage-app.ts';

/** What answers on the one port. */
export interface ServerParts {
  readonly url: string;
  readonly tokens: { readonly registration: string; readonly api: string };
  readonly simulator: Simulator;
  readonly logs: JobLogs;
  readonly agents: AgentRegistry;
  readonly builds: Builds;
  readonly heartbeatSeconds: number;
  readonly options: LocalBuildkiteOptions;
}

/** The Agent API below `/v3` and REST below `/v2`, on one port. */
export function serverApp(parts: ServerParts): Hono {
  const app = new Hono({ strict: false });
  agentApi(parts, app);
  app.route('/', testEngine(parts));
  app.route('/', storageApp(parts.simulator.artifacts));
  const { url, simulator, logs, agents } = parts;
  app.route('/', pageApp({ url, simulator, logs, agents }));
  app.route(
    '/',
    restApp(restWorld(parts), { token: parts.tokens.api, rateLimits: parts.options.rateLimits }),
  );
  app.notFound((c) => c.json({ message: 'Not Found' }, 404));
  return app;
}

/** The variables of a job that this agent has. */
function environmentOf({ url, simulator, builds, options }: ServerParts, job: Job, agent: NamedAgent) {
  const { model, organization, pipeline } = simulator;
  const build = model.builds.get(job.buildNumber);
  if (build === undefined) throw new Error(`no build ${job.buildNumber}`);
  const env = builds.envOf(job);
  return acceptedEnvironment({
    ...{ build, job, agent, organization, pipeline, env },
    webUrl: url,
    cwd: options.cwd,
  });
}

const standIn: NamedAgent = { id: '', name: 'simulator-1', tags: ['queue=default'] };

function agentApi(parts: ServerParts, app: Hono) {
  const { url, tokens, simulator, logs, agents, builds, heartbeatSeconds } = parts;
  const { model, issuer, artifacts } = simulator;
  const envOf = (job: Job, agent: ConnectedAgent) => environmentOf(parts, job, agent);
  const intervals = { ping: 1, heartbeat: heartbeatSeconds, jobStatus: 1 };
  app.route(
    '/',
    workerRoutes({ model, registry: agents, registrationToken: tokens.registration, intervals, envOf }),
  );
  const own = { model, issuer, artifacts, storage: url };
  const context = { ...own, holderOf: agents.holderOf, upload: builds.upload };
  app.route('/', runRoutes(context, logs));
  app.route('/', selfRoutes(context, agents));
  app.route('/', jobRoutes(context));
}

function testEngine({ url, tokens, simulator, options: { muted = [] } }: ServerParts): Hono {
  const { organization, issuer } = simulator;
  return engineApp({
    organization,
    url,
    muted: () => muted,
    accepts: (token, suite) => token === tokens.api || issuer.verify(token)?.aud.includes(suite) === true,
  });
}

function restWorld(parts: ServerParts): RestWorld {
  const { url, simulator, logs, agents, builds } = parts;
  const { file } = parts.options;
  return {
    model: simulator.model,
    organization: simulator.organization,
    pipeline: simulator.pipeline,
    apiUrl: `${url}/v2`,
    webUrl: url,
    logs,
    artifacts: simulator.artifacts,
    startBuild: builds.start,
    configuration: () => (file === undefined ? '' : readFileSync(file, 'utf8')),
    agents: () => agents.agents,
    envOf: (job) =>
      environmentOf(parts, job, agents.agents.find(({ id }) => id === job.agent?.id) ?? standIn),
    needsCommit: false,
  };
}
