import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Build } from './model/types.ts';
import type { RateLimits } from './rest/rate-limit.ts';
import type { DeliveryOrder } from './server/delivery-orders.ts';
import { type LocalBuildkite, startLocalBuildkite } from './server/local-buildkite.ts';
import type { WhoRuns } from './server/options.ts';
import type { EngineTest } from './test-engine/answers.ts';
import { settingsText } from './view/settings.ts';
import { showLive, showPlain } from './view/show.ts';
import { summary } from './view/summary.ts';

/** Options of `simulate`, as commander hands them over. */
export interface SimulateFlags {
  readonly port: number;
  readonly agents: WhoRuns;
  readonly jobs?: number;
  readonly grace: number;
  readonly pty: boolean;
  readonly live: boolean;
  readonly organization: string;
  readonly pipeline: string;
  readonly logs?: string;
  readonly expireAfter?: number;
  readonly heartbeat: number;
  readonly webhook?: string;
  readonly eventbridge?: string;
  readonly webhookToken?: string;
  readonly webhookAuth: 'token' | 'signature';
  readonly webhookOrder: DeliveryOrder;
  readonly webhookDelay: number;
  readonly rateLimit?: RateLimits;
  readonly muted?: string;
}

/** Where lines go: above the live view while there is one. */
interface Screen {
  write: (text: string) => void;
}

/** Serves a local Buildkite until a signal comes. Exit status 0 after one, 2 when it cannot start. */
export async function simulateCommandLine(
  file: string | undefined,
  flags: SimulateFlags,
  out: NodeJS.WriteStream,
): Promise<number> {
  const logFolder = flags.logs ?? (await mkdtemp(join(tmpdir(), 'promise-failure-logs-')));
  await mkdir(logFolder, { recursive: true });
  if (file !== undefined && !existsSync(file)) return refuse(`There is no file ${file}.`);
  const screen: Screen = { write: (text) => void out.write(text) };
  let server: LocalBuildkite;
  try {
    server = await startLocalBuildkite({
      port: flags.port,
      file,
      agents: flags.agents,
      jobsAtATime: flags.jobs,
      organization: flags.organization,
      pipeline: flags.pipeline,
      cwd: process.cwd(),
      logFolder: resolve(logFolder),
      machineEnv: process.env,
      graceMs: flags.grace * 1000,
      pty: flags.pty,
      expireAfterMinutes: flags.expireAfter,
      heartbeatSeconds: flags.heartbeat,
      rateLimits: flags.rateLimit,
      muted: flags.muted === undefined ? [] : readMuted(flags.muted),
      notify: {
        webhook: flags.webhook,
        eventBridge: flags.eventbridge,
        token: flags.webhookToken,
        authentication: flags.webhookAuth,
        order: flags.webhookOrder,
        delayMs: flags.webhookDelay * 1000,
      },
      say: (line) => screen.write(`${line}\n`),
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const problem = server.problem();
  if (problem !== undefined) {
    await server.close();
    return refuse(problem);
  }
  out.write(`${settingsText(server)}\n`);
  if ((flags.webhook ?? flags.eventbridge) !== undefined) {
    out.write(`  Webhooks  token ${server.tokens.webhook}\n\n`);
  }
  return await serve(server, file, flags, out, screen);
}

async function serve(
  server: LocalBuildkite,
  file: string | undefined,
  flags: SimulateFlags,
  out: NodeJS.WriteStream,
  screen: Screen,
): Promise<number> {
  const ended = signalled();
  const { simulator } = server;
  let build: Build | undefined;
  const isLive = flags.live && out.isTTY === true && process.env.TERM !== 'dumb';
  const view = isLive ? showLive(simulator, () => build, out) : showPlain(simulator, out);
  screen.write = view.above;
  const unsubscribe = simulator.model.subscribe((event) => {
    build = event.build;
    if (event.type !== 'build.finished' || event.build.blocked) return;
    screen.write(`${summary(event.build)}\n`);
  });
  try {
    const first = file === undefined ? undefined : server.startBuild();
    if (typeof first === 'string') return refuse(first);
    await ended;
    return 0;
  } finally {
    unsubscribe();
    view.close();
    screen.write = (text) => void out.write(text);
    screen.write('Stopping: builds, jobs and tokens of this start are gone with it.\n');
    await server.close();
  }
}

function readMuted(file: string): EngineTest[] {
  const expected = `expected a list of {"scope", "name"}, both texts`;
  let tests: unknown;
  try {
    tests = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`--muted ${file}: ${expected}; ${error instanceof Error ? error.message : error}`);
  }
  const isTest = (test: unknown) => {
    const { scope, name } = Object(test) as Record<string, unknown>;
    return typeof scope === 'string' && typeof name === 'string';
  };
  if (Array.isArray(tests) && tests.every(isTest)) return tests;
  throw new Error(`--muted ${file}: ${expected}; found ${JSON.stringify(tests)?.slice(0, 60)}`);
}

function refuse(line: string): number {
  process.stderr.write(`${line}\n`);
  return 2;
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
