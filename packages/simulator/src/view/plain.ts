import type { Job, ModelEvent } from '../model/types.ts';
import { noteText } from './notes.ts';
import { duration, jobName, jobResult, reasonAfter, sinceStart } from './words.ts';

/** One line for an event where there is no terminal, or undefined for what is not worth one. */
export function plainLine(event: ModelEvent): string | undefined {
  const text = sentence(event);
  if (text === undefined) return undefined;
  // With several builds at once their jobs have the same names.
  const build = 'job' in event && event.build.number > 1 ? `#${event.build.number} ` : '';
  return `${timeOf(event)}  ${build}${text}`;
}

function timeOf({ at, build }: ModelEvent): string {
  return `${new Date(at).toISOString().slice(11, 23)} +${duration(sinceStart(build, at))}`;
}

function assigned(job: Job): string | undefined {
  return job.state === 'assigned' && job.agent !== null
    ? `${jobName(job)}: given to ${job.agent.name}`
    : undefined;
}

function sentence(event: ModelEvent): string | undefined {
  const { build } = event;
  switch (event.type) {
    case 'job.started':
      return `${jobName(event.job)}: started`;
    case 'job.promised_exit_status': {
      const { promisedExitStatus } = event.job;
      return `${jobName(event.job)}: PROMISED exit ${promisedExitStatus}${reasonAfter(', ', event.reason)}`;
    }
    case 'job.canceling':
      return `${jobName(event.job)}: ${event.job.state.replace('_', ' ')}`;
    case 'job.finished':
      return `${jobName(event.job)}: ${jobResult(event.job)}`;
    case 'build.failing':
      return `build #${build.number} is FAILING, and its jobs run on`;
    case 'build.running':
    case 'build.recovered':
    case 'build.canceling':
    case 'build.finished':
      if (build.blocked) return `build #${build.number} is blocked, ${build.state} so far`;
      return `build #${build.number} is ${build.state}`;
    case 'job.assigned':
      return assigned(event.job);
    case 'job.activated':
      return `${jobName(event.job)}: unblocked`;
    case 'build.changed':
      return event.note === undefined ? undefined : `build #${build.number}: ${noteText(event.note)}`;
    case 'job.reprioritized':
    case 'build.scheduled':
    case 'job.scheduled':
      return undefined;
  }
}
