import { relative } from 'node:path';
import type { TestIdentity } from '@promise-failure/core';
import type { TestCase, TestModule, TestSuite } from 'vitest/node';

/**
 * The test as Buildkite's collector names it: scope = titles of the blocks around it, joined by one space and
 * trimmed, '' at the top of a file. Source: buildkite-test-collector vitest/reporter.js, 1.12.
 */
export function identify(test: TestCase): TestIdentity {
  const blocks = blockTitles(test.parent);
  return {
    scope: blocks.join(' ').trim(),
    name: test.name,
    file: test.module.moduleId,
    titlePath: [...blocks, test.name],
  };
}

/** Key of a test within the job. Vitest's own holds the path below the root only, which two roots may share. */
export function keyOf(test: TestCase): string {
  return `${test.module.moduleId} ${test.id}`;
}

/** Where an error outside tests belongs: the file below its project's root, and the blocks if there are any. */
export function locate(place: TestModule | TestSuite): string {
  const { moduleId, project } = place.type === 'module' ? place : place.module;
  return [relative(project.config.root, moduleId), ...blockTitles(place)].join(' > ');
}

function blockTitles(innermost: TestModule | TestSuite): string[] {
  const titles: string[] = [];
  for (let block = innermost; block.type === 'suite'; block = block.parent) titles.unshift(block.name);
  return titles;
}
