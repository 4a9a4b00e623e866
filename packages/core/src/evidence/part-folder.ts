import { fs, path } from '../builtins.ts';
import type { Part } from './part.ts';
import { replaceFile } from './replace-file.ts';

const prefix = 'evidence-';
const ending = '.json';

/** The parts of one job, one file for each run, which its process alone writes. */
export class PartFolder {
  readonly #folder: string;
  readonly #own: string;

  /** `folder` is the job's; `name` tells this run from all others. */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#own = `${prefix}${name}${ending}`;
  }

  /** Throws what the file system throws. */
  write(part: Part): void {
    replaceFile(path.join(this.#folder, this.#own), JSON.stringify(part), 0o600);
  }

  /** The parts of the other runs as they are now. */
  readOthers(): readonly Part[] {
    const names = fs.readdirSync(this.#folder);
    return names
      .filter((name) => name.startsWith(prefix) && name.endsWith(ending) && name !== this.#own)
      .flatMap((name) => readPart(path.join(this.#folder, name)));
  }
}

function readPart(file: string): readonly Part[] {
  try {
    return [JSON.parse(fs.readFileSync(file, 'utf8')) as Part];
  } catch {
    // Not ours, or removed: what can be read is told.
    return [];
  }
}
