import type { Model } from '../model/model.ts';
import type { Job } from '../model/types.ts';
import { isOver } from '../model/verdicts.ts';
import type { ConnectedAgent } from './registry.ts';

/** Whether the agent has every tag that the job asks for; `*` stands for any value. */
export function fits({ tags }: Pick<ConnectedAgent, 'tags'>, { step }: Job): boolean {
  return step.agents.every((wanted) => tags.includes(wanted) || isAny(wanted, tags));
}

function isAny(wanted: string, tags: readonly string[]): boolean {
  return wanted.endsWith('=*') && tags.some((tag) => tag.startsWith(wanted.slice(0, -1)));
}

/** Gives the agent the job it has not accepted yet, or the first scheduled one that it fits. */
export function nextJob(model: Model, agent: ConnectedAgent): Job | undefined {
  if (agent.job !== null && isOver(agent.job)) agent.job = null;
  if (agent.job !== null) return agent.job.state === 'assigned' ? agent.job : undefined;
  for (const build of model.builds.values()) {
    const job = build.jobs.find((candidate) => candidate.state === 'scheduled' && fits(agent, candidate));
    if (job === undefined) continue;
    agent.job = job;
    model.assign(job, { id: agent.id, name: agent.name });
    return job;
  }
  return undefined;
}
