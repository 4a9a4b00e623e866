import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from './agent/simulator.ts';
import type { Build } from './model/types.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import { readPipelineSync } from './pipeline/read.ts';
import { runPipeline } from './pipeline/run.ts';
import { uploadEnvironment } from './pipeline/upload-env.ts';
import { showLive, showPlain } from './view/show.ts';
import { summary } from './view/summary.ts';

/** Options of `run`, as commander hands them over. */
export interface RunFlags {
  readonly agents?: number;
  readonly live: boolean;
  readonly output: boolean;
  readonly logs?: string;
  readonly json?: string;
  readonly expect?: string;
  readonly grace: number;
  readonly pty: boolean;
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
  const simulator = await startSimulator();
  try {
    const env = uploadEnvironment(simulator.build, simulator.organization, simulator.pipeline);
    const read = readPipelineSync(file, env);
    if (typeof read === 'string') {
      process.stderr.write(`${read}\n`);
      return 2;
    }
    if (read.note !== undefined) process.stderr.write(`${read.note}\n`);
    const build = await runShown(read.pipeline, logFolder, simulator, flags, out);
    out.write(`${summary(build)}\nLogs of the jobs: ${logFolder}\n`);
    if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(build, null, 2)}\n`);
    return build.state === (flags.expect ?? 'passed') ? 0 : 1;
  } finally {
    await simulator.close();
  }
}

async function runShown(
  pipeline: Pipeline,
  logFolder: string,
  simulator: Simulator,
  flags: RunFlags,
  out: NodeJS.WriteStream,
): Promise<Build> {
  let build: Build | undefined;
  const isLive = flags.live && !flags.output && out.isTTY && !process.env.CI && process.env.TERM !== 'dumb';
  const view = isLive ? showLive(simulator, () => build, out) : showPlain(simulator, out);
  const run = runPipeline({
    pipeline,
    build: simulator.build,
    simulator,
    logFolder,
    cwd: process.cwd(),
    agents: flags.agents,
    graceMs: flags.grace * 1000,
    pty: flags.pty,
    machineEnv: process.env,
    onOutput: flags.output ? view.output : undefined,
  });
  build = run.build;
  const ignoreSignals = cancelOnSignals(() => simulator.model.cancelBuild(run.build));
  try {
    return await run.ended;
  } finally {
    ignoreSignals();
    view.close();
  }
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
