import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Simulator } from './agent/simulator.ts';
import type { Build } from './model/types.ts';
import { type LocalBuildkite, startLocalBuildkite } from './server/local-buildkite.ts';
import { annotationsText } from './view/annotation-text.ts';
import { logLines } from './view/log-lines.ts';
import { settingsText } from './view/settings.ts';
import { showLive, showPlain, type View } from './view/show.ts';
import { summary } from './view/summary.ts';

/** Options of `run`, as commander hands them over. */
export interface RunFlags {
  readonly agents?: number;
  readonly live: boolean;
  readonly output: boolean;
  readonly logs?: string;
  readonly json?: string;
  readonly show?: string;
  readonly expect?: string;
  readonly grace: number;
  readonly pty: boolean;
  readonly port?: number;
}

/**
 * Runs a pipeline file and shows it on `out`. Exit status: 0 if the build passed (or ended as `expect` says),
 * 1 if not, 2 if the file cannot be run.
 */
export async function runCommandLine(
  file: string,
  flags: RunFlags,
  out: NodeJS.WriteStream,
): Promise<number> {
  const logFolder = flags.logs ?? (await mkdtemp(join(tmpdir(), 'promise-failure-logs-')));
  await mkdir(logFolder, { recursive: true });
  let view: View | undefined;
  const refuse = (line: string) => {
    process.stderr.write(`${line}\n`);
    return 2;
  };
  let server: LocalBuildkite;
  try {
    server = await startLocalBuildkite({
      port: flags.port,
      file,
      agents: 'own',
      jobsAtATime: flags.agents,
      cwd: process.cwd(),
      logFolder: resolve(logFolder),
      machineEnv: process.env,
      graceMs: flags.grace * 1000,
      pty: flags.pty,
      onOutput: flags.output ? (job, text) => view?.output(job, text) : undefined,
      say: (line) => void process.stderr.write(`${line}\n`),
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  try {
    const problem = server.problem();
    if (problem !== undefined) return refuse(problem);
    if (flags.port !== undefined) out.write(`${settingsText(server)}\n`);
    let build: Build | string | undefined;
    view = openView(server.simulator, () => (typeof build === 'string' ? undefined : build), flags, out);
    build = server.startBuild();
    if (typeof build === 'string') return refuse(build);
    await endOf(build, server.simulator, view, flags.port !== undefined);
    const shown = flags.show === undefined ? '' : await logLines(logFolder, flags.show);
    const parts = [annotationsText(build), shown, `${summary(build)}\nLogs of the jobs: ${logFolder}\n`];
    out.write(parts.filter((part) => part !== '').join('\n'));
    if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(build, null, 2)}\n`);
    if (build.blocked) process.stderr.write(`${blockedText(build)}\n`);
    return !build.blocked && build.state === (flags.expect ?? 'passed') ? 0 : 1;
  } finally {
    await server.close();
  }
}

function openView(
  simulator: Simulator,
  build: () => Build | undefined,
  flags: RunFlags,
  out: NodeJS.WriteStream,
): View {
  const isLive = flags.live && !flags.output && out.isTTY && !process.env.CI && process.env.TERM !== 'dumb';
  return isLive ? showLive(simulator, build, out) : showPlain(simulator, out);
}

function blockedText({ number, jobs }: Build): string {
  const label = jobs.find(({ state }) => state === 'blocked')?.step.label;
  return `Build #${number} waits at the block step "${label}", and nobody can unblock it here: give --port, and unblock it over REST.`;
}

/** Resolves at the build's end, or when it waits for somebody who cannot come. */
async function endOf(build: Build, { model }: Simulator, view: View, canBeUnblocked: boolean): Promise<void> {
  const ignoreSignals = cancelOnSignals(() => model.cancelBuild(build));
  await new Promise<void>((resolve) => {
    const look = () => {
      if (build.finishedAt !== null || (build.blocked && !canBeUnblocked)) resolve();
    };
    model.subscribe(look);
    look();
  });
  ignoreSignals();
  view.close();
}

/** The first signal cancels the build; the second ends this process, and all jobs with it. */
function cancelOnSignals(cancel: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let isSecond = false;
  const react = () => {
    if (isSecond) process.exit(130);
    isSecond = true;
    cancel();
  };
  for (const signal of signals) process.on(signal, react);
  return () => {
    for (const signal of signals) process.off(signal, react);
  };
}
