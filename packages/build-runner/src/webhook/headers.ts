/** Headers as `node:http` and frameworks have them, names in any case, or a `Headers` object. */
export type ReceivedHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

/** The header's one value; undefined where there is none, or more than one. `name` is in lower case. */
export function readHeader(headers: ReceivedHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const values = Object.entries(headers).flatMap(([key, value]: [string, unknown]) =>
    key.toLowerCase() === name && value !== undefined ? [value].flat() : [],
  );
  const [value] = values;
  return values.length === 1 && typeof value === 'string' ? value : undefined;
}
