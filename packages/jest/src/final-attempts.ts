import { createHash, randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { closeSync, fstatSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestCaseResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import { finalVariable, likelyChannel } from './in-worker/channels.ts';

const prefix = 'promise-failure-jest-';
const keptForMs = 24 * 60 * 60 * 1000;
const setUp = fileURLToPath(new URL('./in-worker/set-up.cjs', import.meta.url));

/**
 * Learns from inside Jest's workers which failed attempt was its test's last: Jest tells its reporters every
 * attempt, and not whether more follow. The workers append to a file that exists from the first such attempt on.
 */
export class FinalAttempts {
  readonly #path = join(tmpdir(), prefix + randomUUID());
  readonly #told = new Set<string>();
  #file: number | undefined;
  #position = 0;
  readonly #onLikely: () => void;

  /** `onFailureLikely` is told of a failure inside an attempt that goes on, where tests run in this process. */
  constructor(onFailureLikely: () => void = () => {}) {
    this.#onLikely = onFailureLikely;
  }

  /** Before the first worker starts: names the file in the environment that the workers get. */
  open(env: NodeJS.ProcessEnv): void {
    env[finalVariable] = this.#path;
    subscribe(likelyChannel, this.#onLikely);
  }

  /** Before a file runs: the configuration is frozen, its lists are not, and each file is sent its own. */
  follow(config: Config.ProjectConfig): void {
    if (!config.setupFilesAfterEnv.includes(setUp)) config.setupFilesAfterEnv.unshift(setUp);
  }

  /** True if the worker has said that this failed attempt is final; it does so before Jest reports the attempt. */
  has(path: string, attempt: TestCaseResult): boolean {
    this.#read();
    const { invocations, ancestorTitles, title } = attempt;
    const told = JSON.stringify([path, invocations, ...ancestorTitles, title]);
    return this.#told.delete(createHash('sha256').update(told).digest('hex'));
  }

  close(env: NodeJS.ProcessEnv): void {
    delete env[finalVariable];
    unsubscribe(likelyChannel, this.#onLikely);
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#path, { force: true });
  }

  #read(): void {
    this.#file ??= this.#openFile();
    if (this.#file === undefined) return;
    const chunk = Buffer.alloc(fstatSync(this.#file).size - this.#position);
    const length = readSync(this.#file, chunk, 0, chunk.length, this.#position);
    const complete = chunk.lastIndexOf('\n', length - 1) + 1;
    this.#position += complete;
    for (const line of chunk.toString('utf8', 0, complete).split('\n')) if (line) this.#told.add(line);
  }

  #openFile(): number | undefined {
    try {
      const file = openSync(this.#path, 'r');
      // A test in band may end the process, and workers go on for a moment when the run has ended.
      process.once('exit', () => rmSync(this.#path, { force: true }));
      // Later, when the promise has left.
      setTimeout(removeLeftBehind, 1000).unref();
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** A run that a signal ends leaves its file behind; the next run that fails a day later removes it. */
export function removeLeftBehind(folder: string = tmpdir(), now: number = Date.now()): void {
  try {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (name.startsWith(prefix) && now - statSync(path).mtimeMs > keptForMs) rmSync(path, { force: true });
    }
  } catch {
    // Another process was quicker, or it is not ours to remove: the next run tries again.
  }
}
