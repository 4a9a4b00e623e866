import { asFields, type Fields, present, text, whole } from '../rest/fields.ts';
import type { FailedOutsideTests, FailedTest, JobEvidence, RerunCommand } from './job-evidence.ts';

/** Reads an evidence file of a job; undefined for anything else, such as one of a later version or of another job. */
export function readEvidenceDocument(value: unknown, jobId: string): JobEvidence | undefined {
  const fields = asFields(value);
  if (fields?.version !== 1 || text(asFields(fields.job)?.id) !== jobId) return undefined;
  return {
    source: 'artifact',
    tests: listOf(fields.tests, readTest),
    testsOmitted: whole(fields.tests_omitted) ?? 0,
    errors: listOf(fields.errors, readError),
    rerun: listOf(fields.rerun, readCommand),
  };
}

function listOf<T>(value: unknown, read: (fields: Fields) => T | undefined): T[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const fields = asFields(item);
    return (fields && read(fields)) ?? [];
  });
}

function readTest(fields: Fields): FailedTest | undefined {
  const name = text(fields.name);
  if (name === undefined) return undefined;
  return {
    name,
    ...present({
      ...{ file: text(fields.file), line: whole(fields.line), runner: text(fields.runner) },
      ...{ project: text(fields.project), attempts: whole(fields.attempts), message: text(fields.message) },
      rerun: readCommand(asFields(fields.rerun) ?? {}),
    }),
  };
}

function readError({ where, kind, message }: Fields): FailedOutsideTests {
  return { where: text(where) ?? text(kind) ?? 'outside of tests', message: text(message) ?? '' };
}

function readCommand({ folder, command }: Fields): RerunCommand | undefined {
  const line = text(command);
  return line === undefined ? undefined : { folder: text(folder) ?? '.', command: line };
}
