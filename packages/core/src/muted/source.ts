/**
 * What an entry covers. `identity` is Test Engine's own comparison, byte for byte; `spaced identity` is the same
 * with white space counted as one space, none at the ends. The others are for people: spaces count likewise, and
 * `*` stands for any text.
 */
export type MutedTarget =
  | { readonly type: 'identity' | 'spaced identity'; readonly scope: string; readonly name: string }
  | { readonly type: 'fields'; readonly scope: string; readonly name: string; readonly file?: string }
  | { readonly type: 'title'; readonly pattern: string };

/** One entry of a list of muted tests. */
export interface MutedEntry {
  readonly target: MutedTarget;
  /** Where the entry stands, for people: `muted.yaml:12`. */
  readonly origin: string;
  readonly owner?: string;
  readonly reason?: string;
}

/** One place that a list of muted tests comes from. */
export interface MutedSource {
  /** For people, without secrets: `Test Engine suite acme/web`. */
  readonly name: string;
  /** Set where the list is fetched: equal keys are fetched once per job. */
  readonly sharedAs?: string;
  /** The whole list. Rejects when it cannot be had: half a list is none. Stops waiting on abort. */
  load(signal: AbortSignal): Promise<readonly MutedEntry[]>;
}
