import type { TestIdentity } from '../vocabulary.ts';
import type { MutedEntry, MutedTarget } from './source.ts';
import { collapseSpaces, matchesWildcard } from './wildcard.ts';

/** All muted tests, from every source. */
export interface MutedList {
  /** Nothing is muted at all. */
  readonly isEmpty: boolean;
  /** The entry that mutes this test, or `undefined`. The same entry may mute several tests. */
  match(test: TestIdentity): MutedEntry | undefined;
}

/** Tests among which a namesake is looked for, which only a debug line tells of. */
const mostRemembered = 1000;

/**
 * A list that looks Test Engine's entries up by scope and name, as its own client does, and tries the others in
 * order. `onNamesake` is called when a second test of one scope and name is muted.
 * Source: buildkite/test-engine-client internal/runner/test_result.go.
 */
export function createMutedList(
  entries: readonly MutedEntry[],
  onNamesake: (test: TestIdentity, earlier: TestIdentity) => void = () => {},
): MutedList {
  const matched = new Map<string, TestIdentity>();
  const exact = new Map<string, MutedEntry>();
  const others: MutedEntry[] = [];
  for (const entry of entries) {
    if (entry.target.type === 'identity') exact.set(identityOf(entry.target), entry);
    else others.push(entry);
  }
  return {
    isEmpty: entries.length === 0,
    match(test) {
      const identity = identityOf(test);
      const entry = exact.get(identity) ?? others.find(({ target }) => covers(target, test));
      if (entry === undefined) return undefined;
      const earlier = matched.get(identity);
      if (earlier === undefined && matched.size < mostRemembered) matched.set(identity, test);
      else if (earlier !== undefined && earlier !== test) onNamesake(test, earlier);
      return entry;
    },
  };
}

/** The one string by which Test Engine's client tells tests apart; file and location take no part. */
function identityOf(test: { readonly scope: string; readonly name: string }): string {
  return `${test.scope}/${test.name}`;
}

function covers(target: MutedTarget, test: TestIdentity): boolean {
  switch (target.type) {
    case 'identity':
      return identityOf(target) === identityOf(test);
    case 'spaced identity':
      return collapseSpaces(identityOf(target)) === collapseSpaces(identityOf(test));
    case 'fields':
      return (
        matchesText(target.scope, test.scope) &&
        matchesText(target.name, test.name) &&
        (target.file === undefined || matchesFile(target.file, test.file))
      );
    case 'title':
      return (
        matchesText(target.pattern, test.titlePath.join(' ')) ||
        matchesText(target.pattern, `${test.scope} ${test.name}`)
      );
  }
}

function matchesText(pattern: string, text: string): boolean {
  return matchesWildcard(collapseSpaces(pattern), collapseSpaces(text));
}

/** The path's end from any folder on, so that the entry need not know where the project is checked out. */
function matchesFile(pattern: string, file: string): boolean {
  const wanted = pattern.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
  return matchesWildcard(`*/${wanted}`, `/${file.replaceAll('\\', '/')}`);
}
