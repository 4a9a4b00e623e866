import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ancestors, programName, type ReadAncestors } from './ancestors.ts';
import { lookAround } from './layers.ts';
import { isTracerLoaded } from './tracer.ts';

const config = { exitWrapper: undefined, outerRetries: undefined };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pf-layers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Ancestors by their argument lists, nearest first. */
function above(end: Ancestors['end'], ...lists: readonly (readonly string[])[]): ReadAncestors {
  const seen = lists.map((argv, at) => ({
    id: `${100 - at}-1`,
    programs: argv.slice(0, 1).map(programName),
    argv,
  }));
  return () => ({ seen, end });
}
const nobody = above('agent', ['/bin/sh', '-c', 'npx jest']);
const plain = { execArgv: [], tracer: false, rootDir: '/nowhere' };
const look = (
  env: Record<string, string> = {},
  ancestors: ReadAncestors = nobody,
  options: Parameters<typeof lookAround>[0] = config,
) => lookAround(options, env, { ...plain, rootDir: folder }, ancestors);

describe('lookAround', () => {
  it('sees nothing around a plain runner', () => {
    expect(look()).toEqual({ flippers: [], outerRetries: 0, bktec: false, family: '' });
  });

  it.each<[string, Record<string, string>, ReadAncestors]>([
    ['dd-trace in NODE_OPTIONS', { NODE_OPTIONS: '-r dd-trace/ci/init' }, nobody],
    [
      "Datadog's variables beside a file of the user's",
      { NODE_OPTIONS: '-r ./tracer.cjs', DD_CIVISIBILITY_AGENTLESS_ENABLED: '1' },
      nobody,
    ],
    ['Nx Cloud around a task', { NX_CLOUD_ACCESS_TOKEN: 't', NX_TASK_TARGET_PROJECT: 'p' }, nobody],
    ["Trunk's command", {}, above('agent', ['/usr/bin/trunk-analytics-cli', 'test', '--', 'npx', 'jest'])],
    ['RWX Captain', {}, above('agent', ['sh'], ['./captain-linux-x86_64', 'run', 'suite'])],
    [
      'bktec where ancestors cannot be read',
      { BUILDKITE_TEST_ENGINE_TEST_RUNNER: 'jest' },
      above('unreadable'),
    ],
    ['its suite where they cannot', { BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web' }, above('unreadable', ['sh'])],
    [
      'a container inside of which nothing runs bktec, though it is set up',
      { BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web', BUILDKITE_TEST_ENGINE_RESULT_PATH: 'r.json' },
      above('top', ['sh']),
    ],
    [
      'its retries where they cannot',
      { BUILDKITE_TEST_ENGINE_RETRY_COUNT: '2' },
      above('unreadable', ['sh']),
    ],
  ])('holds for %s', (_what, env, ancestors) => {
    expect(look(env, ancestors).flippers).toHaveLength(1);
  });

  it('holds for a wrapper that the user names, and for a tracer that the process has loaded', () => {
    expect(look({}, nobody, { ...config, exitWrapper: 'quarantine.sh' }).flippers).toEqual(['quarantine.sh']);
    expect(lookAround(config, {}, { ...plain, tracer: true }, nobody).flippers).toHaveLength(1);
    expect([isTracerLoaded({ [Symbol.for('dd-trace')]: {} }), isTracerLoaded({})]).toEqual([true, false]);
  });

  it.each([
    { nxCloudId: 'i' },
    { nxCloudAccessToken: 't' },
    { tasksRunnerOptions: { default: { runner: 'nx-cloud' } } },
  ])('holds for Nx Cloud that nx.json connects: %j', (nx) => {
    writeFileSync(join(folder, 'nx.json'), JSON.stringify(nx));
    const project = join(folder, 'packages/a');
    mkdirSync(project, { recursive: true });
    const inTask = { NX_TASK_TARGET_PROJECT: 'a' };
    expect(lookAround(config, inTask, { ...plain, rootDir: project }, nobody).flippers).toHaveLength(1);
    expect(lookAround(config, {}, { ...plain, rootDir: project }, nobody).flippers).toEqual([]);
  });

  it.each<[string, string, number]>([
    ['an nx.json with comments', '{\n  // ours\n  "nxCloudId": "i", /* x */\n}', 1],
    ['one that is not to be connected', '{\n  "nxCloudId": "i",\n  "neverConnectToCloud": true,\n}', 0],
    ['one without a cloud', '{ "nxCloudId": "", "namedInputs": { "default": ["{projectRoot}/**/*"] } }', 0],
  ])('reads %s as Nx does', (_what, text, flippers) => {
    writeFileSync(join(folder, 'nx.json'), text);
    expect(look({ NX_TASK_TARGET_PROJECT: 'a' }).flippers).toHaveLength(flippers);
  });

  it.each([
    [
      'dd-trace with everything off that forgives',
      {
        NODE_OPTIONS: '-r dd-trace/ci/init',
        DD_TEST_MANAGEMENT_ENABLED: 'false',
        DD_CIVISIBILITY_EARLY_FLAKE_DETECTION_ENABLED: '0',
      },
    ],
    ["Datadog's variables without a preload", { DD_CIVISIBILITY_AGENTLESS_ENABLED: '1' }],
    ['Nx without its cloud', { NX_TASK_TARGET_PROJECT: 'p' }],
    ['Nx Cloud outside a task', { NX_CLOUD_ACCESS_TOKEN: 't' }],
  ])('does not hold for %s', (_what, env) => {
    expect(look(env as unknown as Record<string, string>).flippers).toEqual([]);
  });

  it.each([
    [['bktec', 'run', '--test-engine-retry-count', '2'], 2],
    [['/opt/bktec', 'run', '--test-engine-retry-count=3'], 3],
    [['/opt/bktec_3.0.0_linux_amd64', 'run', '--test-engine-retry-count=1'], 1],
    [['test-engine-client-darwin-arm64', 'run', '--test-engine-retry-count=1'], 1],
    [['bktec', 'pool', 'exec', '--local-retry-count', '4'], 4],
    [['bktec', 'run'], 5],
  ])("reads bktec's number of retries around %j, its flag before its variable", (argv, outerRetries) => {
    const around = look({ BUILDKITE_TEST_ENGINE_RETRY_COUNT: '5' }, above('agent', ['sh'], argv));
    expect(around).toMatchObject({ outerRetries, bktec: true, family: '99-1', flippers: [] });
  });

  it.each([
    ['with.sh', ['sh', 'with.sh', './tools/bktec']],
    ['a pager of its log', ['less', '/var/log/bktec']],
  ])('takes %s for what it runs, and not for an argument', (_what, argv) => {
    expect(look({}, above('agent', argv))).toMatchObject({ bktec: false, outerRetries: 0 });
  });

  it.each([
    ['the processes up to the agent are known', {}, nobody, 0],
    [
      'it may run under another name, since an upload token is there',
      { BUILDKITE_ANALYTICS_TOKEN: '' },
      nobody,
      2,
    ],
    ['it may run outside of the container', {}, above('top', ['npm', 'test']), 2],
  ])("obeys bktec's variable without bktec where that can be: %s", (_when, env, ancestors, outerRetries) => {
    expect(look({ BUILDKITE_TEST_ENGINE_RETRY_COUNT: '2', ...env }, ancestors).outerRetries).toBe(
      outerRetries,
    );
  });

  it.each<[string, Record<string, string>, ReadAncestors, boolean]>([
    ['it may run outside of the container', {}, above('top', ['npm', 'test']), true],
    ['it may be among those that cannot be read', {}, above('unreadable'), true],
    ['it may run under another name', { BUILDKITE_ANALYTICS_TOKEN: '' }, nobody, true],
    ['the processes up to the agent are known', {}, nobody, false],
  ])('takes it to forgive, where its suite is set, if %s', (_when, env, ancestors, bktec) => {
    expect(look({ BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web', ...env }, ancestors).bktec).toBe(bktec);
  });

  it.each([
    [3, ['bktec', 'run', '--test-engine-retry-count=1'], 3],
    [1, ['bktec', 'run', '--test-engine-retry-count=2'], 2],
    [0, ['sh'], 0],
  ])("takes the larger of the user's %d and that of %j", (own, argv, outerRetries) => {
    const env = { BUILDKITE_TEST_ENGINE_RETRY_COUNT: '9', BUILDKITE_ANALYTICS_TOKEN: 't' };
    expect(look(env, above('agent', argv), { ...config, outerRetries: own }).outerRetries).toBe(outerRetries);
  });

  it('keeps what it has read above a process that it cannot read', () => {
    const partly = above('unreadable', ['sh'], ['bktec', 'run', '--test-engine-retry-count=2']);
    expect(look({}, partly)).toMatchObject({ bktec: true, outerRetries: 2, flippers: [] });
  });
});

describe.runIf(process.platform === 'linux')('the real ancestors', () => {
  /** Runs this module in a process below `program`; gives what it sees. */
  function seenBelow(program: string, env: Record<string, string> = {}, ...above: string[]) {
    const module = new URL('../../dist/layers/layers.js', import.meta.url).href;
    const script = `
      import { lookAround } from ${JSON.stringify(module)};
      const facts = { execArgv: [], tracer: false, rootDir: '/' };
      console.log(JSON.stringify(lookAround({ exitWrapper: undefined, outerRetries: undefined }, process.env, facts)));`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const shell = '"$@"; exit $?';
    const { stdout } = spawnSync(program, ['-c', shell, ...above, ...node], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    });
    return JSON.parse(stdout);
  }

  it('have their program told by its file', () => {
    const binary = join(folder, 'bktec_3.0.0_linux_amd64');
    copyFileSync('/bin/sh', binary);
    expect(seenBelow(binary, {}, 'run')).toMatchObject({ bktec: true });
    expect(seenBelow('/bin/sh', {}, './tools/bktec')).toMatchObject({ bktec: false, family: '' });
  });

  it.each([
    ['under its own name', 'buildkite-agent', ['bootstrap'], '', false],
    ['by its number under another name', 'agent-4', ['start'], '$$', false],
    ['and not at a process that has its number in a container', 'sh-4', ['run'], '$$', true],
  ])('end at the agent, %s', (_how, name, words, number, bktec) => {
    const programs = [join(folder, 'bktec'), join(folder, name)];
    for (const program of programs) copyFileSync('/bin/sh', program);
    const agent = `BUILDKITE_AGENT_PID=${number}; export BUILDKITE_AGENT_PID; "$@"; exit $?`;
    const seen = seenBelow(programs[0] ?? '', {}, 'run', programs[1] ?? '', '-c', agent, ...words);
    expect(seen.bktec).toBe(bktec);
  });
});
