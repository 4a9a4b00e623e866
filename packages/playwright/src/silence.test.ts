import { describe, expect, it } from 'vitest';
import { findSilence } from './silence.ts';

const node = ['/usr/bin/node', '/repo/node_modules/.bin/playwright'];
const silence = (args: readonly string[], options = {}, env = {}) =>
  findSilence({ argv: [...node, ...args], options, env });

describe('modes whose exit code does not follow the tests', () => {
  it.each([
    ['reports are merged', silence(['merge-reports', 'blobs'])],
    ['reports are merged, by the option', silence(['anything'], { _mode: 'merge' })],
    ['tests are listed', silence(['test', '--list'])],
    ['tests are listed, by the option', silence(['test'], { _mode: 'list' })],
    ['the UI is open', silence(['test', '--ui'])],
    ['the UI is open on a host', silence(['test', '--ui-host=0.0.0.0'])],
    ['the UI is open on a port', silence(['test', '--ui-port', '8080'])],
    ['an editor runs the tests', silence(['test-server'])],
    ['an editor runs the tests, by the option', silence(['x'], { _mode: 'test', _isTestServer: true })],
    ['files are watched', silence(['test'], {}, { PWTEST_WATCH: '1' })],
  ])('are silent when %s', (_what, found) => {
    expect(found).toEqual(expect.any(String));
  });

  it.each([
    ['plain', silence(['test'])],
    ['with files and flags', silence(['test', 'merge-reports', '--grep', 'ui', '-x'], { _mode: 'test' })],
    ['not in a server', silence(['test'], { _isTestServer: false }, { PWTEST_WATCH: '' })],
  ])('leave a run of tests alone: %s', (_what, found) => {
    expect(found).toBeUndefined();
  });
});
