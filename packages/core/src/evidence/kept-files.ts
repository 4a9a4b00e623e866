import type { Log } from '../log.ts';
import type { EvidenceDocument } from './document.ts';
import { type MergeSetup, mergeParts } from './merge-parts.ts';
import type { Part } from './part.ts';
import type { PartFolder } from './part-folder.ts';
import { replaceFile } from './replace-file.ts';

export interface KeptFilesSetup {
  /** Where the job's processes keep their parts; without it this one is alone. */
  readonly folder: PartFolder | undefined;
  /** The file for everybody, if it is wanted: absolute. */
  readonly file: string | undefined;
  readonly merge: Omit<MergeSetup, 'now'>;
  readonly log: Log;
}

const mostRewrites = 5;

/** What a run keeps on disk: its own part for the other processes of the job, and the file with the parts of all. */
export class KeptFiles {
  readonly #setup: KeptFilesSetup;

  constructor(setup: KeptFilesSetup) {
    this.#setup = setup;
  }

  /** Throws nothing; what cannot be written is told once. */
  write(own: Part): void {
    const { folder, file, log } = this.#setup;
    try {
      folder?.write(own);
    } catch (error) {
      log.warn(cannotShare(error));
    }
    if (file === undefined) return;
    try {
      this.#writeFile(file, own);
    } catch (error) {
      log.warn(`the evidence cannot be written to ${file}: ${messageOf(error)}`);
    }
  }

  /** Parts of the other runs of the job, as far as they can be read. */
  readOthers(): readonly Part[] {
    try {
      return this.#setup.folder?.readOthers() ?? [];
    } catch {
      return [];
    }
  }

  merge(own: Part, others: readonly Part[] = this.readOthers()): EvidenceDocument {
    return mergeParts([own, ...others], { ...this.#setup.merge, now: Date.now() });
  }

  /** Anew where another process had something to add meanwhile, which may have been written in between. */
  #writeFile(file: string, own: Part): void {
    let others = this.readOthers();
    for (let turn = 0; turn < mostRewrites; turn++) {
      replaceFile(file, `${JSON.stringify(this.merge(own, others), undefined, 2)}\n`, 0o644);
      const later = this.readOthers();
      if (JSON.stringify(later) === JSON.stringify(others)) return;
      others = later;
    }
  }
}

export function cannotShare(error: unknown): string {
  return `what this process shows of its failures may miss those of others, because the job's folder cannot be used: ${messageOf(error)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
