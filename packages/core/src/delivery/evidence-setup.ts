import { path } from '../builtins.ts';
import type { DeliverySetup } from '../channel/channel.ts';
import type { Redact } from '../evidence/clean-text.ts';
import { describeJob } from '../evidence/describe-job.ts';
import { cannotShare, KeptFiles } from '../evidence/kept-files.ts';
import { PartFolder } from '../evidence/part-folder.ts';
import { topFolder } from '../evidence/places.ts';
import { noteJob, openJobFolder, ownJobFolderPath, removeOldJobFolders } from '../job/job-folder.ts';
import type { Log } from '../log.ts';

/** The files of a run's evidence, and the folder that it shares with the other processes of its job, if there is one. */
export function openKeptFiles(
  setup: DeliverySetup,
  log: Log,
  redact: Redact,
): { readonly files: KeptFiles; readonly folder: string | undefined } {
  const { config, cwd, env, startedAt } = setup;
  const folder = openFolder(setup, log);
  const name = `${process.pid}-${Math.round(startedAt)}`;
  const files = new KeptFiles({
    folder: folder === undefined ? undefined : new PartFolder(folder, name),
    file: config.evidence === undefined ? undefined : evidencePath(config.evidence, setup),
    merge: { job: describeJob(env, redact), top: topFolder(cwd, env) },
    log,
  });
  return { files, folder };
}

/** The job's folder, or nothing outside of a job and where it cannot be used. */
function openFolder({ config, env }: DeliverySetup, log: Log): string | undefined {
  const folder = ownJobFolderPath(env, config.mode);
  if (folder === undefined) return undefined;
  try {
    openJobFolder(folder);
    noteJob(folder, env);
    setTimeout(removeOldJobFolders, 1000, folder).unref();
    return folder;
  } catch (error) {
    log.warn(cannotShare(error));
    return undefined;
  }
}

/** In a folder one file for each job, or for each run outside of one. */
function evidencePath(option: string, { config, cwd, env, startedAt }: DeliverySetup): string {
  const place = path.resolve(cwd, option);
  if (place.endsWith('.json')) return place;
  const job = env.BUILDKITE_JOB_ID;
  if (job) {
    const name = encodeURIComponent(job) + (config.mode === 'dry-run' ? '-dry-run' : '');
    return path.join(place, `${name}.json`);
  }
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  return path.join(place, `${time}-${process.pid}-${Math.round(startedAt)}.json`);
}
