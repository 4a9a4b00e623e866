import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeBelow, topFolder } from './places.ts';

let repo: string;
beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), 'pf-places-'));
  mkdirSync(join(repo, 'packages/a'), { recursive: true });
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

describe('topFolder', () => {
  it('is the checkout of the job in which the run lies', () => {
    const cwd = join(repo, 'packages/a');
    expect(topFolder(cwd, { BUILDKITE_BUILD_CHECKOUT_PATH: repo })).toBe(repo);
  });

  it('is the repository around the run where there is no such job', () => {
    mkdirSync(join(repo, '.git'));
    const cwd = join(repo, 'packages/a');
    expect(topFolder(cwd, {})).toBe(repo);
    expect(topFolder(cwd, { BUILDKITE_BUILD_CHECKOUT_PATH: '/elsewhere' })).toBe(repo);
  });

  it('is the working directory outside of any repository', () => {
    expect(topFolder('/', {})).toBe('/');
  });
});

describe('placeBelow', () => {
  it.each([
    ['/repo', '/repo/a/b.js', 'a/b.js'],
    ['/repo', '/repo', '.'],
    ['/repo', '/repository/b.js', '/repository/b.js'],
    ['/repo', '/b.js', '/b.js'],
    ['/repo', '/repo/..b.js', '..b.js'],
  ])('of %s for %s is %s', (top, file, place) => {
    expect(placeBelow(top, file)).toBe(place);
  });
});
