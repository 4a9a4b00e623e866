import { randomBytes, randomUUID } from 'node:crypto';
import type { Build, Job } from './types.ts';

/** A file that a job has left on its build; `new` until its bytes are there. */
export interface Artifact {
  readonly id: string;
  readonly jobId: string;
  readonly buildNumber: number;
  readonly path: string;
  readonly globPath: string;
  readonly absolutePath: string;
  readonly fileSize: number;
  readonly sha1sum: string;
  readonly sha256sum: string;
  readonly contentType: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Who knows it may read the bytes, and write them once. */
  readonly key: string;
  state: 'new' | 'error' | 'finished' | 'deleted';
  bytes: Buffer | undefined;
}

/** Most bytes of one artifact: they are kept in memory. */
const artifactLimitBytes = 64 * 1024 * 1024;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Clients join it to a folder of their own. */
function isBelow(path: string): boolean {
  return path !== '' && !/^[\\/]|^[a-z]:|\0/i.test(path) && !path.split(/[\\/]/).includes('..');
}

/** As Buildkite reads a pattern: `*` is any text, all else is itself. Source: buildkite/docs pages/agent/cli/reference/artifact.md. */
export function matchesPattern(path: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(path);
}

/** The artifacts of all builds, as long as the process lives. */
export class ArtifactStore {
  readonly #artifacts: Artifact[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Makes one for each of the files that an agent announces; a text says why not. */
  create(job: Job, files: unknown): readonly Artifact[] | string {
    if (!Array.isArray(files) || files.length === 0) return 'artifacts must be a list of files';
    const made = files.map((file: unknown): Artifact => {
      const told = Object(file) as Readonly<Record<string, unknown>>;
      return {
        ...{ id: randomUUID(), jobId: job.id, buildNumber: job.buildNumber },
        path: text(told.path),
        globPath: text(told.glob_path),
        absolutePath: text(told.absolute_path),
        fileSize: Number(told.file_size) || 0,
        sha1sum: text(told.sha1sum),
        sha256sum: text(told.sha256sum),
        contentType: text(told.content_type) || 'application/octet-stream',
        ...{ createdAt: this.#now(), key: randomBytes(24).toString('base64url') },
        ...{ state: 'new', bytes: undefined },
      };
    });
    const bad = made.find(({ path, fileSize }) => !isBelow(path) || fileSize > artifactLimitBytes);
    if (bad !== undefined) {
      return !isBelow(bad.path)
        ? `every artifact needs a path below the job's folder; found ${JSON.stringify(bad.path)}`
        : `${bad.path} is too large: this simulator keeps up to ${artifactLimitBytes} bytes`;
    }
    this.#artifacts.push(...made);
    return made;
  }

  /** False for a key that nobody has been given, or bytes that are there already or too many. */
  write(key: string, bytes: Buffer): boolean {
    const artifact = this.withKey(key);
    if (artifact === undefined || artifact.bytes !== undefined || bytes.length > artifactLimitBytes) {
      return false;
    }
    artifact.bytes = bytes;
    return true;
  }

  withKey(key: string): Artifact | undefined {
    return this.#artifacts.find((known) => known.key === key);
  }

  ofBuild({ number }: Build): readonly Artifact[] {
    return this.#artifacts.filter(({ buildNumber, state }) => buildNumber === number && state !== 'deleted');
  }

  ofJob({ id }: Job): readonly Artifact[] {
    return this.#artifacts.filter(({ jobId, state }) => jobId === id && state !== 'deleted');
  }
}
