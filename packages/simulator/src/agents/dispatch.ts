import type { Model } from '../model/model.ts';
import type { Job, JobAgent } from '../model/types.ts';
import { isOver } from '../model/verdicts.ts';
import type { ConnectedAgent } from './registry.ts';

/** Whether the agent has every tag that the job asks for; `*` stands for any value. */
export function fits({ tags }: Pick<ConnectedAgent, 'tags'>, { step }: Job): boolean {
  return step.agents.every((wanted) => tags.includes(wanted) || isAny(wanted, tags));
}

function isAny(wanted: string, tags: readonly string[]): boolean {
  return wanted.endsWith('=*') && tags.some((tag) => tag.startsWith(wanted.slice(0, -1)));
}

/** The agent as its jobs name it. */
export function agentOf({ id, name, hostname, version, createdAt }: ConnectedAgent): JobAgent {
  return { id, name, hostname, version, createdAt };
}

/** Gives the agent the job it has not accepted yet, or of the scheduled ones that it fits the first of the highest priority. */
export function nextJob(model: Model, agent: ConnectedAgent): Job | undefined {
  if (agent.job !== null && isOver(agent.job)) agent.job = null;
  if (agent.job !== null) return agent.job.state === 'assigned' ? agent.job : undefined;
  const [job] = [...model.builds.values()]
    .flatMap(({ jobs }) =>
      jobs.filter((candidate) => candidate.state === 'scheduled' && fits(agent, candidate)),
    )
    .sort((a, b) => b.priority - a.priority);
  if (job === undefined) return undefined;
  agent.job = job;
  model.assign(job, agentOf(agent));
  return job;
}
