import { addJob } from './add-job.ts';
import { newBuild } from './records.ts';
import { blockBuild, cancelJob, settle } from './settle.ts';
import { buildOf, type ModelState, tellBuild } from './state.ts';
import type { Build, BuildSpec, Job, JobSpec } from './types.ts';
import { isOver } from './verdicts.ts';

/** What can happen to builds. */
export interface BuildMoves {
  createBuild(spec?: BuildSpec): Build;
  /** Throws once the build is sealed or over. */
  addJob(build: Build, spec: JobSpec): Job;
  /** Cancels all jobs; false if the build is over. */
  cancelBuild(build: Build): boolean;
  /** No further job will be added: the build ends with the last one. */
  seal(build: Build): void;
  /** Jobs will be added after all, by a job that runs; throws once the build is over. */
  unseal(build: Build): void;
  /** The build waits at a block step after its jobs are over; `unblock` lets it run on. */
  block(build: Build): void;
  unblock(build: Build): void;
}

export function buildMoves(state: ModelState): BuildMoves {
  return {
    createBuild(spec = {}) {
      const build = newBuild(state.builds.size + 1, spec, state.clock.now());
      state.builds.set(build.number, build);
      tellBuild(state, 'build.scheduled', build);
      return build;
    },
    addJob({ number }, spec) {
      const build = buildOf(state, number);
      if (build.sealed || build.finishedAt !== null) throw new Error(`build ${number} takes no further jobs`);
      return addJob(state, build, spec);
    },
    cancelBuild({ number }) {
      const build = buildOf(state, number);
      if (build.finishedAt !== null || build.cancelRequested) return build.finishedAt === null;
      Object.assign(build, { cancelRequested: true, sealed: true, blocked: false, state: 'canceling' });
      tellBuild(state, 'build.canceling', build);
      for (const job of [...build.jobs]) cancelJob(state, job);
      settle(state, build);
      return true;
    },
    seal({ number }) {
      const build = buildOf(state, number);
      build.sealed = true;
      settle(state, build);
    },
    unseal({ number }) {
      const build = buildOf(state, number);
      if (build.finishedAt !== null || build.cancelRequested)
        throw new Error(`build ${number} is ${build.state}`);
      build.sealed = false;
    },
    block({ number }) {
      const build = buildOf(state, number);
      const canBlock = build.finishedAt === null && build.jobs.every(isOver);
      if (!canBlock) throw new Error(`build ${number} cannot block`);
      blockBuild(state, build);
    },
    unblock({ number }) {
      const build = buildOf(state, number);
      if (!build.blocked) return;
      build.blocked = false;
      build.state = 'running';
      tellBuild(state, 'build.running', build);
      settle(state, build);
    },
  };
}
