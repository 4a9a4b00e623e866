import type { Env } from '../env.ts';
import type { FailureDetail } from '../vocabulary.ts';

/** Failures of one run whose details go on. A storm of more costs the runner's thread nothing further. */
const mostDetails = 1000;
/** Characters of a message that are enough for all that is shown of it, colours included. */
const enough = 8192;
const mostBeyond = 128 * 1024;

/**
 * Asks for the details of failures, and keeps of each no more than can be shown: whole messages of many failures would
 * fill the memory. What is kept reaches further than what is shown by twice the longest value of the environment, so
 * that a secret which begins in what is shown is there as a whole, to be found and taken out.
 */
export class BoundedDetails {
  readonly #env: Env;
  #left = mostDetails;
  #length: number | undefined;

  constructor(env: Env) {
    this.#env = env;
  }

  take(detail: (() => FailureDetail) | undefined): FailureDetail | undefined {
    if (detail === undefined || this.#left === 0) return undefined;
    this.#left--;
    const { message, ...rest } = detail();
    return message === undefined ? rest : { ...rest, message: this.#cut(message) };
  }

  #cut(message: string): string {
    this.#length ??= enough + Math.min(mostBeyond, 2 * longestValue(this.#env));
    if (message.length <= this.#length) return message;
    // By way of a buffer: a slice would keep the whole message in memory.
    return Buffer.from(message.slice(0, this.#length), 'utf16le').toString('utf16le');
  }
}

function longestValue(env: Env): number {
  return Object.values(env).reduce((longest, value = '') => Math.max(longest, value.length), 0);
}
