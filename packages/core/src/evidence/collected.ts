import type { FailureDetail, RunError, TestIdentity } from '../vocabulary.ts';
import { cleanMessage, cleanName, cleanTitle, type Redact } from './clean-text.ts';
import { mostErrors, mostTests } from './merge-parts.ts';
import { namePattern } from './name-pattern.ts';
import type { ShownError, ShownTest } from './part.ts';

/** What has happened in a run that evidence tells of. Keys are the same in every run of the job. */
export type Fact =
  | {
      readonly type: 'failed';
      readonly key: string;
      readonly test: TestIdentity;
      /** Known to be muted. */
      readonly muted: boolean;
      readonly detail: FailureDetail | undefined;
    }
  | { readonly type: 'muted' | 'passed'; readonly key: string }
  | { readonly type: 'run error'; readonly error: RunError }
  /** `at` is in monotonic milliseconds. */
  | { readonly type: 'ended'; readonly at: number; readonly flaky: number }
  | { readonly type: 'exited'; readonly status: number };

/** The failures of one run that are shown: the first so many, cleaned when they are asked for and not before. */
export class Collected {
  readonly #owner: string;
  readonly #redact: Redact;
  readonly #tests = new Map<string, Extract<Fact, { type: 'failed' }>>();
  readonly #shown = new Map<string, ShownTest>();
  readonly #errors: ShownError[] = [];
  #errorsOmitted = 0;
  endedAt: number | undefined;
  flaky = 0;
  exitStatus: number | undefined;

  /** `owner` tells the run's project from the others of the job, in which keys may be the same. */
  constructor(owner: string, redact: Redact) {
    this.#owner = owner;
    this.#redact = redact;
  }

  add(fact: Fact): void {
    switch (fact.type) {
      case 'failed':
        if (!fact.muted && this.#tests.size < mostTests) this.#tests.set(fact.key, fact);
        return;
      case 'muted':
      case 'passed':
        this.#tests.delete(fact.key);
        this.#shown.delete(fact.key);
        return;
      case 'run error':
        if (this.#errors.length < mostErrors) this.#errors.push(this.#cleanError(fact.error));
        else this.#errorsOmitted++;
        return;
      case 'ended':
        this.endedAt = fact.at;
        this.flaky = fact.flaky;
        return;
      case 'exited':
        this.exitStatus = fact.status;
    }
  }

  get tests(): readonly ShownTest[] {
    return [...this.#tests].map(([key, fact]) => {
      const shown = this.#shown.get(key) ?? this.#cleanTest(fact);
      this.#shown.set(key, shown);
      return shown;
    });
  }

  get errors(): { readonly shown: readonly ShownError[]; readonly omitted: number } {
    return { shown: this.#errors, omitted: this.#errorsOmitted };
  }

  #cleanTest({ key, test, detail = {} }: Extract<Fact, { type: 'failed' }>): ShownTest {
    const { message, line, column, project, attempts, testLine, sharesLine = false } = detail;
    const redact = this.#redact;
    return {
      key: hash(`${this.#owner}\0${key}`),
      titles: test.titlePath.map((title) => cleanTitle(title, redact)),
      pattern: namePattern(test.titlePath.join(' '), redact),
      file: cleanName(test.file, redact),
      line: line ?? null,
      column: column ?? null,
      project: project ? cleanName(project, redact) : null,
      attempts: attempts ?? null,
      message: message ? cleanMessage(message, redact) || null : null,
      testLine: testLine ?? null,
      sharesLine,
    };
  }

  #cleanError({ kind, where, file, message }: RunError): ShownError {
    return {
      kind,
      where: where === undefined ? null : cleanTitle(where, this.#redact),
      file: file === undefined ? null : cleanName(file, this.#redact),
      message: cleanMessage(message, this.#redact),
    };
  }
}

/** Keys hold the names of tests, which may hold secrets. */
function hash(text: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
