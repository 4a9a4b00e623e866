import type { RunError, Session, Settle } from '@promise-failure/core';
import type { TestCase, TestModule, TestSuite } from 'vitest/node';
import { describeFailure } from './detail.ts';
import { statusOf, willRunAgain } from './finality.ts';
import { identify, keyOf, locate } from './identity.ts';

/** Turns what Vitest reports about tests, files and errors into facts of the session, each told once. */
export class Facts {
  settle: Settle;
  readonly #session: Session;
  /** Tests told to have failed, by file, until their file ends. */
  readonly #failed = new Map<string, Set<TestCase>>();
  /** Errors, and the files and blocks whose errors have been told. */
  readonly #told = new Set<unknown>();
  #isGreen = true;

  constructor(session: Session, settle: Settle) {
    this.#session = session;
    this.settle = settle;
  }

  /** True while no failure has been told. */
  get isGreen(): boolean {
    return this.#isGreen;
  }

  /** The result of a test; one that passed at once is not told at all. */
  test(test: TestCase, fileEnded: boolean): void {
    const { state, errors } = test.result();
    const status = statusOf(state);
    if (status === 'failed') this.#remember(test);
    else if (status !== 'passed' || !errors?.length) return;
    const fact = { id: keyOf(test), test: identify(test) };
    if (status === 'passed')
      this.#session.attemptFinished({ ...fact, status: 'failed', willRunAgain: 'yes' });
    const again = willRunAgain(this.settle, fileEnded);
    const detail = () => describeFailure(test);
    this.#session.attemptFinished({ ...fact, status, willRunAgain: again, detail });
  }

  /** The errors of a file or a block, hooks' included; true if there are any. */
  errors(place: TestModule | TestSuite, kind: 'file' | 'hook' | 'other'): boolean {
    const [first] = place.errors();
    if (first === undefined) return false;
    if (!this.#told.has(place.id)) {
      this.#told.add(place.id);
      this.runError({ kind, message: messageOf(first), where: locate(place), file: fileOf(place) });
    }
    return true;
  }

  /** A file whose tests are known has loaded: a hook of it has failed, or a snapshot is obsolete. */
  fileErrors(module: TestModule): boolean {
    return this.errors(module, module.children.size > 0 ? 'other' : 'file');
  }

  /** Everything in a file that has ended: from here on nothing changes. */
  endedFile(module: TestModule): void {
    this.#retract(module);
    const state = module.state();
    if (state === 'passed' || state === 'skipped') return;
    let isExplained = this.fileErrors(module);
    for (const suite of module.children.allSuites()) isExplained = this.errors(suite, 'hook') || isExplained;
    for (const test of module.children.allTests('failed')) {
      isExplained = true;
      this.test(test, true);
    }
    if (isExplained || state !== 'failed' || this.#told.has(module.id)) return;
    this.#told.add(module.id);
    const where = locate(module);
    this.runError({ kind: 'file', message: 'the file did not pass', where, file: module.moduleId });
  }

  /** Errors that no test owns. */
  unhandled(errors: readonly unknown[]): void {
    for (const error of errors) {
      if (this.#told.has(error)) continue;
      this.#told.add(error);
      this.runError({ kind: 'unhandled', message: messageOf(error) });
    }
  }

  runError(error: RunError): void {
    this.#isGreen = false;
    this.#session.runFailed(error);
  }

  #remember(test: TestCase): void {
    this.#isGreen = false;
    const tests = this.#failed.get(test.module.id);
    if (tests === undefined) this.#failed.set(test.module.id, new Set([test]));
    else tests.add(test);
  }

  /** A hook of the user's own may have turned a failure into a pass; the file's state tells, the test's may not. */
  #retract(module: TestModule): void {
    const filePassed = module.state() === 'passed';
    for (const test of this.#failed.get(module.id) ?? []) {
      if (!filePassed && test.result().state !== 'passed') continue;
      const fact = { id: keyOf(test), test: identify(test) };
      this.#session.attemptFinished({ ...fact, status: 'passed', willRunAgain: 'no' });
    }
    this.#failed.delete(module.id);
  }
}

function fileOf(place: TestModule | TestSuite): string {
  return place.type === 'module' ? place.moduleId : place.module.moduleId;
}

/** Errors come from the workers as plain objects. */
function messageOf(error: unknown): string {
  const isObject = typeof error === 'object' && error !== null && 'message' in error;
  return String(isObject ? error.message : error);
}
