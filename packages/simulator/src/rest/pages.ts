import type { Context } from 'hono';
import { Refusal } from './reply.ts';

const deepestPage = 100;

const tooDeep =
  'Listing builds this deep is not supported. Please narrow your query using filters such as branch or created_from.';

/** Answers one page of a list with the `Link` header of the others. Page 0 is the first: some clients count from it. */
export function page<T>(
  c: Context,
  items: readonly T[],
  write: (item: T) => unknown,
  apiUrl: string,
): Response {
  const number = Math.max(1, wholeOf(c, 'page', 1, 0));
  const size = Math.min(100, wholeOf(c, 'per_page', 30, 1));
  if (number > deepestPage) throw new Refusal(400, tooDeep);
  const last = Math.max(1, Math.ceil(items.length / size));
  const links = [
    ...(number > 1 ? [link(c, apiUrl, 1, 'first'), link(c, apiUrl, number - 1, 'prev')] : []),
    ...(number < last ? [link(c, apiUrl, number + 1, 'next'), link(c, apiUrl, last, 'last')] : []),
  ];
  if (links.length > 0) c.header('link', links.join(', '));
  return c.json(items.slice((number - 1) * size, number * size).map(write));
}

/** Answers the items around a cursor: `after` and `before` name an item and exclude each other. */
export function cursorPage<T extends { readonly id: string }>(
  c: Context,
  items: readonly T[],
  write: (item: T) => unknown,
  apiUrl: string,
): Response {
  const size = wholeOf(c, 'per_page', 30, 1);
  if (size > 100) throw new Refusal(400, `per_page must be from 1 to 100; found ${size}`);
  const { after, before } = c.req.query();
  if (after !== undefined && before !== undefined)
    throw new Refusal(400, 'after and before exclude each other');
  const place = (id: string) => {
    const index = items.findIndex((item) => item.id === id);
    if (index < 0) throw new Refusal(400, `No such cursor: ${id}`);
    return index;
  };
  const end = before === undefined ? undefined : place(before);
  const start = end === undefined ? (after === undefined ? 0 : place(after) + 1) : Math.max(0, end - size);
  const chosen = items.slice(start, end ?? start + size);
  const last = chosen.at(-1);
  const hasMore = last !== undefined && start + chosen.length < items.length;
  const next = hasMore ? addressOf(c, apiUrl, { after: last.id, before: undefined }) : null;
  return c.json({ items: chosen.map(write), links: { self: addressOf(c, apiUrl, {}), next } });
}

function link(c: Context, apiUrl: string, number: number, rel: string): string {
  return `<${addressOf(c, apiUrl, { page: String(number) })}>; rel="${rel}"`;
}

/** The address of this call with its whole query, but for the changes. */
function addressOf(c: Context, apiUrl: string, changes: Record<string, string | undefined>): string {
  const asked = new URL(c.req.url);
  const url = new URL(`${apiUrl}${asked.pathname.slice('/v2'.length)}${asked.search}`);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}

function wholeOf(c: Context, name: string, fallback: number, least: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  if (!/^\d+$/.test(text) || Number(text) < least) {
    throw new Refusal(400, `${name} must be a whole number of at least ${least}; found ${text}`);
  }
  return Number(text);
}
