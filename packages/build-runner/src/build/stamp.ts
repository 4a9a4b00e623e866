import { asFields, text } from '../rest/fields.ts';

/** The meta-data key under which a build carries its trigger's key; builds are found again by it. */
export const keyField = 'promise-failure-key';
const metadataField = 'promise-failure-metadata';

/** What a triggered build carries of its caller. */
export interface Stamp {
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The stamp as a build's meta-data. */
export function writeStamp({ key, metadata }: Stamp): Record<string, string> {
  const entries = Object.entries(metadata);
  return { [keyField]: key, ...(entries.length > 0 && { [metadataField]: JSON.stringify(metadata) }) };
}

/** The stamp of a build's meta-data. Jobs can overwrite meta-data, so what cannot be read is empty, not an error. */
export function readStamp(metaData: unknown): { key: string | undefined; metadata: Record<string, string> } {
  const fields = asFields(metaData);
  return { key: text(fields?.[keyField]), metadata: readMetadata(fields?.[metadataField]) };
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
