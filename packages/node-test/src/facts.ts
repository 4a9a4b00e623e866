import { relative } from 'node:path';
import type { RunError, Session } from '@promise-failure/core';
import { describeFailure, messageOf } from './detail.ts';
import type { EventData, TestEvent } from './event.ts';
import { type FailedTest, FileProcess } from './file-process.ts';
import { Identities } from './identity.ts';
import { here, isFile, meaningOf } from './meaning.ts';

/** Turns the events of node:test into facts of the session, each told once. */
export class Facts {
  readonly #session: Session;
  readonly #surroundings: typeof here;
  readonly #identities = new Identities();
  readonly #processes = new Map<string, FileProcess>();
  /** Titles from the outermost block on, in the order in which results are reported. */
  readonly #titles: string[] = [];
  readonly #told = new Set<string>();
  #isGreen = true;
  #doubtful: RunError | undefined;
  #diagnostic: string | undefined;
  #total = 0;

  constructor(session: Session, surroundings = here) {
    this.#session = session;
    this.#surroundings = surroundings;
  }

  take({ type, data }: TestEvent): void {
    switch (type) {
      case 'test:dequeue':
        this.#ahead(data, (process) => process.began(data));
        break;
      case 'test:complete':
        this.#completed(data);
        break;
      case 'test:start':
        this.#titles.splice(data.nesting ?? 0, Number.POSITIVE_INFINITY, data.name ?? '');
        break;
      case 'test:pass':
        this.#count(data);
        break;
      case 'test:fail':
        this.#count(data);
        this.#failed(data, this.#titles.slice(0, data.nesting));
        break;
      case 'test:diagnostic':
        if (data.message?.startsWith('Error: ')) this.#diagnostic = data.message;
        break;
      case 'test:summary':
        if (data.success === false) this.#ended();
    }
  }

  /** All that was to run has run. */
  end(): void {
    if (!this.#isGreen) this.#session.testsTotal(this.#total);
  }

  /** What the process of a file says is known before Node reports it, where it tells whose word it is. */
  #ahead(data: EventData, follow: (process: FileProcess) => readonly FailedTest[]): void {
    if (data.entryFile === undefined) return;
    for (const test of follow(this.#processOf(data.entryFile))) this.#failed(test.data, test.blocks);
  }

  #completed(data: EventData): void {
    this.#ahead(data, (process) => process.completed(data));
    if (data.file === undefined || !isFile(data)) return;
    const process = this.#processes.get(data.file);
    this.#processes.delete(data.file);
    if (data.details?.passed !== false) return;
    const isOwn = meaningOf(data, this.#surroundings) === 'file';
    const failed = isOwn ? [{ data, blocks: [] }] : (process?.ended() ?? []);
    for (const test of failed) this.#failed(test.data, test.blocks);
  }

  #failed(data: EventData, blocks: readonly string[]): void {
    if (this.#isTold(data)) return;
    const meaning = meaningOf(data, this.#surroundings);
    switch (meaning) {
      case 'test':
        this.#testFailed(data, blocks);
        break;
      case 'block':
      case 'file':
        this.#runFailed(describeRunError(data, meaning, blocks));
        break;
      case 'doubtful':
        this.#doubtful = describeRunError(data, 'block', blocks);
    }
  }

  #testFailed(data: EventData, blocks: readonly string[]): void {
    this.#isGreen = false;
    const fact = this.#identities.identify(data, blocks);
    const detail = () => describeFailure(data);
    this.#session.attemptFinished({ ...fact, status: 'failed', willRunAgain: 'no', detail });
  }

  #runFailed(error: RunError): void {
    this.#isGreen = false;
    this.#session.runFailed(error);
  }

  /** Node sets the exit status at such a summary, also at that of a file. */
  #ended(): void {
    if (!this.#isGreen) return;
    this.#runFailed(this.#doubtful ?? { kind: 'other', message: this.#diagnostic ?? 'the test run failed' });
  }

  /** Where a result comes twice, ahead and in order, it has a number or is that of a file. */
  #isTold(data: EventData): boolean {
    const { file, entryFile, testId } = data;
    const key = isFile(data) ? file : entryFile && testId && `${entryFile} ${testId}`;
    if (!key) return false;
    const told = this.#told.has(key);
    this.#told.add(key);
    return told;
  }

  #processOf(file: string): FileProcess {
    let process = this.#processes.get(file);
    if (process === undefined) {
      process = new FileProcess();
      this.#processes.set(file, process);
    }
    return process;
  }

  #count({ details }: EventData): void {
    if (details?.type !== 'suite') this.#total++;
  }
}

function describeRunError(data: EventData, kind: 'block' | 'file', blocks: readonly string[]): RunError {
  const { name = '', file = '', entryFile = file } = data;
  const place = relative(process.cwd(), entryFile);
  const titles = kind === 'file' || name === file ? [] : [...blocks, name];
  return {
    kind: kind === 'file' ? 'file' : data.details?.error?.failureType === 'hookFailed' ? 'hook' : 'other',
    message: messageOf(data.details?.error),
    where: [place, ...titles].join(' > '),
    file: entryFile,
  };
}
