import { randomUUID } from 'node:crypto';
import { buildVariables } from '../agent/build-variables.ts';
import type { Environment } from '../agent/environment.ts';
import type { Simulator } from '../agent/simulator.ts';
import type { JobLogs } from '../logs/job-logs.ts';
import type { Build, BuildSpec, Job } from '../model/types.ts';
import { type OwnAgents, startOwnAgents } from '../pipeline/own-agents.ts';
import { parsePipeline } from '../pipeline/parse.ts';
import { type Plan, startPlan } from '../pipeline/plan.ts';
import { PipelineError } from '../pipeline/problems.ts';
import { type ReadPipeline, readPipelineSync } from '../pipeline/read.ts';
import { uploadEnvironment } from '../pipeline/upload-env.ts';
import type { LocalBuildkiteOptions } from './options.ts';

/** The builds of a server, with what runs them. */
export interface Builds {
  /** Why no build of the pipeline can be made; undefined if one can. */
  problem(): string | undefined;
  /** Makes a build of the pipeline and lets it run; a text says why not. */
  start(spec: BuildSpec): Build | string;
  envOf(job: Job): Environment;
  /** Adds steps that a running job uploads; a text says why not. */
  upload(job: Job, pipeline: unknown): string | undefined;
  /** Looks anew for jobs that the stand-in may take. */
  look(): void;
  close(): void;
}

/** Keeps the builds of one server running: retries and unblocked steps come after an end, too. */
export function createBuilds(
  simulator: Simulator,
  logs: JobLogs,
  options: LocalBuildkiteOptions,
  takes: (job: Job) => boolean,
): Builds {
  const plans = new Map<number, Plan>();
  const own: OwnAgents[] = [];
  const { model, organization, pipeline: slug } = simulator;
  const { file, minuteMs = 60_000, expireAfterMinutes } = options;

  function envOf(job: Job): Environment {
    const build = model.builds.get(job.buildNumber);
    const own = build === undefined ? {} : buildVariables(build, job);
    return { ...options.env, ...plans.get(job.buildNumber)?.envOf(job), ...own };
  }

  function read(spec: BuildSpec, id: string): ReadPipeline {
    if (file === undefined) return nothing;
    const preview = { branch: 'main', commit: 'HEAD', message: '', env: {}, pullRequest: null, ...spec };
    const identity = { id, number: model.builds.size + 1 };
    return readPipelineSync(file, uploadEnvironment({ ...preview, ...identity }, organization, slug));
  }

  function start(spec: BuildSpec): Build | string {
    const id = randomUUID();
    const given = read(spec, id);
    if (typeof given === 'string') return given;
    if (given.note !== undefined) options.say(given.note);
    const build = model.createBuild({ ...spec, id });
    const plan = startPlan(model, build, given.pipeline, minuteMs);
    plans.set(build.number, plan);
    const { cwd, logFolder, machineEnv, graceMs, pty = true, jobsAtATime } = options;
    const settings = { simulator, cwd, logFolder, machineEnv, graceMs, pty, agents: jobsAtATime, takes };
    const onOutput = (job: Job, text: string) => {
      logs.append(job.id, text);
      options.onOutput?.(job, text);
    };
    const onError = (error: unknown) => {
      options.say(`A job could not be started: ${error instanceof Error ? error.message : error}`);
      model.cancelBuild(build);
    };
    own.push(startOwnAgents({ ...settings, onOutput, onError }, { ...plan, envOf }));
    return build;
  }

  const unsubscribe = model.subscribe((event) => {
    if (expireAfterMinutes === undefined || event.type !== 'job.scheduled') return;
    const { job } = event;
    const expire = () => job.state === 'scheduled' && model.expire(job);
    setTimeout(expire, expireAfterMinutes * minuteMs).unref();
  });

  return {
    problem() {
      const given = read({}, randomUUID());
      return typeof given === 'string' ? given : undefined;
    },
    start,
    envOf,
    upload(job, pipeline) {
      try {
        const steps = parsePipeline(JSON.stringify(pipeline), 'pipeline');
        plans.get(job.buildNumber)?.upload(job, steps);
      } catch (error) {
        if (error instanceof PipelineError) return error.message;
        throw error;
      }
    },
    look: () => own.forEach((agents) => void agents.look()),
    close() {
      unsubscribe();
      for (const agents of own) agents.close();
      for (const plan of plans.values()) plan.close();
    },
  };
}

const nothing = { pipeline: { env: {}, steps: [] }, note: undefined };
