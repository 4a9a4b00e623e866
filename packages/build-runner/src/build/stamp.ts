import { asFields, text } from '../rest/fields.ts';

/** The meta-data key under which a build carries its trigger's key; builds are found again by it. */
export const keyField = 'promise-failure-key';
const attemptField = 'promise-failure-attempt';
const metadataField = 'promise-failure-metadata';

/** Meta-data that a caller may not set: it is how builds are found again. */
export const reservedFields: readonly string[] = [keyField, attemptField, metadataField];

/** What a triggered build carries of its caller. */
export interface Stamp {
  readonly key: string;
  readonly attempt: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The stamp as a build's meta-data. */
export function writeStamp({ key, attempt, metadata }: Stamp): Record<string, string> {
  const entries = Object.entries(metadata);
  return {
    [keyField]: key,
    ...(attempt > 1 && { [attemptField]: String(attempt) }),
    ...(entries.length > 0 && { [metadataField]: JSON.stringify(metadata) }),
  };
}

/** The stamp of a build's meta-data. Jobs can overwrite meta-data, so what cannot be read is empty, not an error. */
export function readStamp(metaData: unknown) {
  const fields = asFields(metaData);
  const key = text(fields?.[keyField]);
  const attempt = key === undefined ? undefined : readAttempt(fields?.[attemptField]);
  return { key, attempt, metadata: readMetadata(fields?.[metadataField]) };
}

function readAttempt(value: unknown): number {
  const written = text(value) ?? '';
  return /^[1-9]\d{0,8}$/.test(written) ? Number(written) : 1;
}

function readMetadata(value: unknown): Record<string, string> {
  try {
    const entries = Object.entries(asFields(JSON.parse(text(value) ?? '{}')) ?? {});
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return {};
  }
}
