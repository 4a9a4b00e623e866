import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentRegistry } from '../agents/registry.ts';
import type { JobLogs } from '../logs/job-logs.ts';
import type { Model } from '../model/model.ts';

/** What is new for one page. */
export interface News {
  /** Resolves at the next change, or when the page is gone; changes in quick succession are one. */
  next(): Promise<void>;
  /** Ids of the jobs whose logs have grown since it was last asked. */
  takeLogs(): readonly string[];
  close(): void;
}

/** At most so often a page is told. */
const paceMs = 150;

/** What the page follows. */
export interface Followed {
  readonly model: Model;
  readonly logs: JobLogs;
  readonly agents: AgentRegistry;
}

/** Follows everything that a page shows. */
export function createNews({ model, logs, agents }: Followed): News {
  const grown = new Set<string>();
  let isStale = false;
  let wake = () => {};
  const touch = () => {
    isStale = true;
    wake();
  };
  const ways = [
    model.subscribe(touch),
    agents.subscribe(touch),
    logs.subscribe((id) => {
      grown.add(id);
      touch();
    }),
  ];
  return {
    async next() {
      if (!isStale) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      await sleep(paceMs);
      isStale = false;
    },
    takeLogs() {
      const ids = [...grown];
      grown.clear();
      return ids;
    },
    close() {
      for (const leave of ways) leave();
      touch();
    },
  };
}
