/** Reads untrusted JSON field by field: a field of the wrong type is as good as absent. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; undefined for anything else, arrays included. */
export function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A string that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number. */
export function whole(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

/** A time as ISO 8601; EventBridge writes `YYYY-MM-DD HH:MM:SS UTC`. Anything unreadable is undefined. */
export function time(value: unknown): string | undefined {
  const written = text(value)?.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/, '$1T$2Z');
  const at = written === undefined ? Number.NaN : Date.parse(written);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Only the properties that have a value: optional properties are absent and never undefined. */
export function present<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}
