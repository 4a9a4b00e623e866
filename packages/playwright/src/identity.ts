import type { TestCase } from '@playwright/test/reporter';
import type { TestIdentity } from '@promise-failure/core';

/**
 * Who the test is. Scope and name are what Buildkite's test collector uploads: the scope is every title joined by
 * a space, with the leading spaces of the unnamed root and project, and holds the test's own title as well.
 * Source: buildkite/test-collector-javascript playwright/reporter.js.
 */
export function identify(test: TestCase): TestIdentity {
  const titles = test.titlePath();
  return {
    scope: titles.join(' '),
    name: test.title,
    file: test.location.file,
    // The first three are the root, the project and the file.
    titlePath: titles.slice(3),
  };
}
