import { join } from 'node:path';
import { type Environment, machineEnvironment, processEnvironment } from '../agent/environment.ts';
import type { Simulator } from '../agent/simulator.ts';
import type { Build, Job } from '../model/types.ts';
import { type RunningCommand, runCommand } from './process.ts';
import { loadTerminals } from './terminal.ts';

/** Where and how jobs run. */
export interface JobRunOptions {
  readonly simulator: Simulator;
  readonly cwd: string;
  /** Existing folder for one log file per job. */
  readonly logFolder: string;
  /** The machine's environment, of which the job's own variables are left out. */
  readonly machineEnv: Readonly<Record<string, string | undefined>>;
  /** Gives each job a pseudo-terminal, as the agent does by default. @default false */
  readonly pty?: boolean | undefined;
  readonly onOutput?: ((job: Job, text: string) => void) | undefined;
}

/** One job to run: `env` is what pipeline and step add, `onStart` gets hold of the process. */
export interface JobRun {
  readonly build: Build;
  readonly job: Job;
  readonly env: Environment;
  readonly onStart: (command: RunningCommand) => void;
}

/** How long the agent's Job API goes on answering what was asked before the job's end. */
const jobApiGraceMs = 10_000;

/** Starts the job with its servers, runs its command, and reports its end to the model. */
export async function runJob(options: JobRunOptions, { build, job, env, onStart }: JobRun): Promise<void> {
  const { simulator, cwd, logFolder, machineEnv, onOutput } = options;
  const { model } = simulator;
  const terminals = options.pty === true ? await loadTerminals(console.error) : undefined;
  const simulated = await simulator.createJob({ job });
  try {
    if (job.state === 'canceling') model.finish(job, { exitStatus: -1, signal: 'SIGTERM' });
    if (job.state !== 'running') return;
    const command = runCommand({
      command: job.step.command,
      cwd,
      env: processEnvironment({ ...machineEnvironment(machineEnv), ...env }, simulated.env),
      logFile: join(logFolder, logFileName(job, build.jobs.indexOf(job))),
      terminals,
      onOutput: onOutput && ((text) => onOutput(job, text)),
    });
    onStart(command);
    const end = await command.ended;
    await simulated.jobApi?.idle(jobApiGraceMs);
    model.finish(job, end);
  } finally {
    await simulated.close();
  }
}

/** The log file's name: the job's place in the build, and its label. */
function logFileName({ step }: Job, place: number): string {
  const slug = step.label.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `${String(place + 1).padStart(2, '0')}-${slug.replace(/^-|-$/g, '').slice(0, 60)}.log`;
}
