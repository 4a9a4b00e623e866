import Table from 'cli-table3';
import type { Build, Job } from '../model/types.ts';
import { duration, inOrder, jobName, jobResult, sinceStart } from './words.ts';

/** What became of a build: a table of its jobs, what cancelling siblings saved, and the build's head start. */
export function summary(build: Build): string {
  const table = new Table({
    head: ['Job', 'Promised', 'Finished', 'Head start', 'Result'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...inOrder(build).map((job) => row(build, job)));
  return [table.toString(), ...inOrder(build).flatMap((job) => savings(build, job)), verdict(build)].join(
    '\n',
  );
}

function row(build: Build, job: Job): string[] {
  const { promisedExitStatusAt: promised, finishedAt: finished } = job;
  const when = (at: number | null) => (at === null ? '-' : `at ${duration(sinceStart(build, at))}`);
  const headStart = promised === null || finished === null ? '-' : duration(finished - promised);
  return [jobName(job), when(promised), when(finished), headStart, jobResult(job)];
}

function savings(build: Build, job: Job): string[] {
  const { startedAt, finishedAt } = job;
  if (!job.step.cancelOnBuildFailing || job.state !== 'canceled' || finishedAt === null) return [];
  const end = build.finishedAt ?? finishedAt;
  const ran = startedAt === null ? 'before it ran' : `after ${duration(finishedAt - startedAt)}`;
  return [`${jobName(job)} was cancelled ${ran}, ${duration(end - finishedAt)} before the build's end.`];
}

function verdict(build: Build): string {
  const { blocked, failingAt, finishedAt, number, state } = build;
  if (blocked) return `Build #${number} is blocked, ${state} so far.`;
  const end = finishedAt === null ? '' : ` at ${duration(sinceStart(build, finishedAt))}`;
  if (failingAt === null || finishedAt === null) return `Build #${number} ${state}${end}.`;
  const failing = `was known to fail at ${duration(sinceStart(build, failingAt))}`;
  return `Build #${number} ${failing} and ${state}${end}: ${duration(finishedAt - failingAt)} of head start.`;
}
