import { type CallOptions, withLimits } from './build/call-options.ts';
import { addressOf } from './build/id.ts';
import type { BuildRunnerOptions } from './build-runner.ts';
import { findAnnotation, findArtifact } from './evidence/find-evidence.ts';
import type { JobEvidence } from './evidence/job-evidence.ts';
import { createRestClient } from './rest/client.ts';
import { createDownload } from './rest/download.ts';
import { isRestError } from './rest/error.ts';

/** Reads which tests of a job have failed, where the job has left that on its build. */
export interface EvidenceReader {
  /**
   * By the job's evidence file, if it is an artifact already, else by its annotation; undefined where there is neither.
   * Two round trips at once, and two more for a file. A token that may not read artifacts (`read_artifacts`) reads
   * annotations (`read_builds`). Not repeated on trouble: rejects with plain errors, which `classifyBuildError` sorts.
   */
  read(build: string, jobId: string, options?: CallOptions): Promise<JobEvidence | undefined>;
}

export function createEvidenceReader(options: BuildRunnerOptions): EvidenceReader {
  const rest = createRestClient(options);
  const download = createDownload(options);

  async function readOnce(build: string, jobId: string, signal: AbortSignal) {
    const address = addressOf(build);
    const artifact = findArtifact(rest, download, address, jobId, signal).catch(ifNotAllowed);
    const annotation = findAnnotation(rest, address, jobId, signal);
    const [exact, shown] = await Promise.allSettled([artifact, annotation]);
    const found = settledValue(exact) ?? settledValue(shown);
    if (found !== undefined) return found;
    for (const each of [exact, shown]) if (each.status === 'rejected') throw each.reason;
    return undefined;
  }

  return {
    read: (build, jobId, limits = {}) => withLimits(limits, (signal) => readOnce(build, jobId, signal)),
  };
}

function ifNotAllowed(error: unknown): undefined {
  if (isRestError(error) && [401, 403, 404].includes(error.status)) return undefined;
  throw error;
}

function settledValue<T>(settled: PromiseSettledResult<T>): T | undefined {
  return settled.status === 'fulfilled' ? settled.value : undefined;
}
