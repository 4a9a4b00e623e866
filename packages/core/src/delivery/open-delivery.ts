import type { DeliverySetup } from '../channel/channel.ts';
import { monotonicMs } from '../clock.ts';
import { createDeclarers } from '../declarers/declarers.ts';
import { declareNothing } from '../declarers/dry-run.ts';
import type { AgentCommandSeams } from '../declarers/run-agent.ts';
import { jobFolderPath } from '../job/job-folder.ts';
import { createJobShare, type JobShare, unshared } from '../job/job-share.ts';
import { type Layers, lookAround } from '../layers/layers.ts';
import { createLog, type Log } from '../log.ts';
import type { MutedList } from '../muted/index.ts';
import { createRedactor } from '../redaction/redact.ts';
import { Delivery, type DeliveryParts } from './delivery.ts';
import { mayMute } from './may-mute.ts';

/** Puts the delivery together for a real job, or for a dry run. */
export function openDelivery(
  setup: DeliverySetup,
  {
    onSettled,
    onAwaits,
    beginCommand,
  }: Pick<DeliveryParts, 'onSettled' | 'onAwaits'> & Pick<AgentCommandSeams, 'beginCommand'>,
): Delivery {
  const { config, env } = setup;
  const redactor = createRedactor(env);
  const redact = (text: string) => redactor.redact(text).text;
  const log = createLog(config.debug, { redact });
  if (redactor.problem !== undefined) log.warn(redactor.problem);
  const layers = lookAround(config, env, setup);
  const parts: DeliveryParts = {
    declare:
      config.mode === 'dry-run'
        ? declareNothing
        : createDeclarers(env, { onStep: log.debug, agentCommand: { beginCommand } }),
    loadMuted: mayMute(setup, layers) ? () => loadMuted(setup, layers, log) : undefined,
    openEvidence:
      config.annotate || config.evidence !== undefined
        ? async () => {
            const { keepEvidence } = await import('./keep-evidence.ts');
            return keepEvidence(setup, { layers, log, redact, now: monotonicMs, beginCommand });
          }
        : undefined,
    layers,
    job: openShare(setup, layers, log),
    log,
    redact,
    now: monotonicMs,
    onSettled,
    onAwaits,
  };
  return new Delivery(setup, parts);
}

async function loadMuted({ config, env }: DeliverySetup, layers: Layers, log: Log): Promise<MutedList> {
  const { createMutedSources, loadMutedList } = await import('../muted/index.ts');
  const sources = createMutedSources(config, env, { log, bktec: layers.bktec });
  const { signal } = new AbortController();
  return loadMutedList(sources, { jobFolder: jobFolderPath(env, 'on'), signal, log });
}

function openShare(setup: DeliverySetup, layers: Layers, log: Log): JobShare {
  const { config, env, runner, rootDir, startedAt } = setup;
  const folder = jobFolderPath(env, config.mode);
  if (folder === undefined) return unshared;
  const single = 'count' in config.threshold && config.threshold.count === 1;
  const counted = !single || layers.outerRetries > 0 || Boolean(env.PROMISE_FAILURE_JOB_FOLDER);
  if (!counted) return unshared;
  const run = {
    type: 'run',
    runner,
    root: rootDir,
    pid: process.pid,
    startedAt,
    exitStatus: config.exitStatus,
    family: layers.family,
  } as const;
  return createJobShare(folder, run, log, env);
}
