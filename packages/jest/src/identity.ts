import type { TestIdentity } from '@promise-failure/core';

/** What a case result and an entry of a file's result have in common. */
export interface Titles {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
}

/**
 * Who the test is. Scope and name are what Buildkite's test collector uploads.
 * Source: buildkite/test-collector-javascript jest/reporter.js.
 */
export function identify(file: string, { ancestorTitles, title }: Titles): TestIdentity {
  return { scope: ancestorTitles.join(' '), name: title, file, titlePath: [...ancestorTitles, title] };
}

/** The key of a test within the run. Tests of one file with the same titles share it. */
export function keyOf(file: string, { ancestorTitles, title }: Titles): string {
  return [file, ...ancestorTitles, title].join('\0');
}
