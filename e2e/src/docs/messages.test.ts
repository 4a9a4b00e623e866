import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runners } from '../harness/runners.ts';
import { canBeSaid, fixedPieces, readConstants, readMessages, sentencesOf } from './messages.ts';
import { readPages, top } from './pages.ts';

const packages = readdirSync(join(top, 'packages')).filter((name) =>
  existsSync(join(top, 'packages', name, 'package.json')),
);
const reporters = packages.filter((name) => name in runners);

/** Where what a package says is explained: in its README, but for two that nobody installs by themselves. */
const pageOf = (name: string) => ownPages.get(name) ?? `packages/${name}/README.md`;
const ownPages = new Map([
  ['core', 'docs/troubleshooting.md'],
  ['order', 'docs/red-first.md'],
]);

/** Whose texts may stand in a page's messages. */
function speakersOn(page: string): readonly string[] {
  if (page === ownPages.get('order')) return ['order', ...reporters];
  const own = packages.filter((name) => pageOf(name) === page);
  // The command tells what the build runner has thrown, and all but the simulator what core says.
  return [
    ...own,
    ...(page === pageOf('cli') ? ['build-runner'] : []),
    ...(page === pageOf('simulator') ? [] : ['core']),
  ];
}

/** Sentences that are no message to be explained, by the file or the text, and why. */
const elsewhere: readonly (readonly [where: string, why: string])[] = [
  ['core/config/option-table', 'the table of options in the README, which has a test of its own'],
  ['core/declarers/job-api-request', 'a request'],
  ['core/delivery/reason', 'the form of a reason'],
  ['core/evidence/annotation-body', 'the annotation, which explains itself'],
  ['core/evidence/run-part', 'in the evidence file'],
  ['the muted tests of bktec', 'names a list'],
  ['the muted option', 'names a list'],
  ['Test Engine suite ', 'names a list'],
  ['the API token', 'names a token'],
  ['buildkite-agent oidc request-token', 'names a token'],
  ['the muted tests of bktec were read with ', 'a debug line that all is well'],
  [' muted tests known from ', 'a debug line that all is well'],
  ['Exit codes', 'a help text'],
  ['npx vitest run', "bktec's default command"],
  ['cli/doctor/', 'says itself what to do, and has a page of its own'],
  ['cli/measure/out/', 'what was measured'],
  ['cli/measure/read/collect', 'its cause is told instead'],
  ['cli/watch/exit', 'cannot happen: the compiler sees to it'],
  ['cli/watch/text', 'how a build stands'],
  ['build-runner/evidence/read-document', 'a place in the evidence'],
  ['build-runner/watch/changes', 'never leaves the package'],
  ['build-runner/watch/underway', 'never leaves the package'],
  ['simulator/agent/', "Buildkite's own words, as the agent and its clients get them"],
  ['simulator/agents/', 'the same'],
  ['simulator/rest/', 'the same'],
  ['simulator/test-engine/', 'the same'],
  ['simulator/model/', 'the same'],
  ['simulator/server/storage-app', 'the same'],
  ['the wait step', 'names a step'],
  ['the block step', 'names a step'],
  ['Logs of the jobs: ', 'what it shows of a build'],
  ['Stopping: ', 'as it is asked to'],
  ['simulator/page/', 'what it shows of a build'],
  ['simulator/view/', 'what it shows of a build'],
];

const constants = new Map(packages.map((name) => [name, readConstants(name)]));
const constantsOf = (page: string) => speakersOn(page).flatMap((name) => constants.get(name) ?? []);
const messages = readMessages(readPages());

describe('the messages of the pages', () => {
  it('stand on the page of every package', () => {
    expect([...new Set(messages.map(({ page }) => page))].sort()).toEqual(packages.map(pageOf).sort());
  });

  it('can be said, word for word', () => {
    const unsaid = messages.filter(({ page, text }) => !canBeSaid(text, constantsOf(page)));
    expect(unsaid).toEqual([]);
  });

  it.each([
    [
      'a word that is no more',
      'the declaration has no reply after <n> ms; the run ends without waiting for it',
    ],
    ['a word too many', 'the token was not really accepted'],
    ['an end that is left out', 'nothing will be promised, because the configuration is not'],
  ])('cannot be said with %s', (_what, text) => {
    expect(canBeSaid(text, constantsOf('docs/troubleshooting.md'))).toBe(false);
  });

  it('are all that the code can say, but for what stands elsewhere', () => {
    const told = messages.flatMap(({ text }) => fixedPieces(text));
    const sentences = packages.flatMap((name) => sentencesOf(constants.get(name) ?? []));
    const isElsewhere = ({ file, text }: { file: string; text: string }) =>
      elsewhere.some(([where]) => file.startsWith(where) || text.startsWith(where));
    const untold = sentences
      .filter((sentence) => !isElsewhere(sentence))
      .filter(({ text }) => !told.some((piece) => piece.includes(text.trim())));
    expect(untold.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
  });
});
