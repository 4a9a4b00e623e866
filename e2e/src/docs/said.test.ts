import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuildRunner, createRateBudget, createReceiver } from '@promise-failure/build-runner';
import { startSimulator } from '@promise-failure/simulator';
import { afterAll, describe, expect, it } from 'vitest';
import { type Project, runProject } from '../harness/harness.ts';
import { e2eFolder, type RunnerName } from '../harness/runners.ts';
import { readMessages, toPattern } from './messages.ts';
import { readPages, top } from './pages.ts';

const documented = readMessages(readPages()).map(({ text }) => text);

/** At the end of all: which of the tests side by side is meant, nobody could tell. */
const cleanUps: (() => unknown)[] = [];
afterAll(async () => {
  await Promise.all(cleanUps.map((cleanUp) => cleanUp()));
});

type Env = Readonly<Record<string, string>>;

/** Runs Node to its end with these variables alone; gives what it has said on stderr. */
function run(args: readonly string[], env: Env, cwd: string): Promise<string> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH, TMPDIR: cwd, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A process that never ends fails its test, and must not outlive it.
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve) => child.once('close', () => resolve(said)));
}

/** A path for the files of one run. Short, because of the sockets in it. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'said-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** The message stands on a page, has been said, and no warning beside it is unheard of. */
function expectSaid(said: string, message: string): void {
  expect(documented).toContain(message);
  expect(said).toMatch(toPattern(message));
  const warnings = [...said.matchAll(/^promise-failure: warning: (.*)$/gm)].map(([, line = '']) => line);
  expect(warnings.filter((line) => !documented.some((text) => toPattern(text).test(line)))).toEqual([]);
}

const cli = (words: string) => [join(top, 'packages/cli/bin/promise-failure.js'), ...words.split(' ')];
const simulator = (words: string) => [
  join(top, 'packages/simulator/bin/promise-failure-simulator.js'),
  ...words.split(' '),
];

describe.concurrent('what the commands say', { timeout: 60_000 }, () => {
  const token = { BUILDKITE_API_TOKEN: 'token' };
  it.each<[words: string, env: Env, message: string]>([
    ['run -- no-such-command', {}, '<command> cannot be started: <error>'],
    [
      'run -- true vitest --reporter=json',
      { PROMISE_FAILURE: 'true' },
      'nothing will be promised, because <flag> replaces the reporters of the configuration: add <flag>=@promise-failure/<runner>',
    ],
    [
      'run --forgive-muted -- false',
      {},
      'exit status <status> stands: no reporter of ours told of a failure (is PROMISE_FAILURE set?)',
    ],
    [
      'run --forgive-muted -- false',
      { PROMISE_FAILURE: 'true' },
      'exit status <status> stands: no reporter of ours told of a failure (is it among the reporters of the runner?)',
    ],
    ['declare 1', {}, 'nothing is promised: this is not a Buildkite job, BUILDKITE_JOB_ID is not set'],
    ['declare 1', { PROMISE_FAILURE: 'off' }, 'nothing is promised: PROMISE_FAILURE is false'],
    [
      'declare 1',
      { PROMISE_FAILURE: 'maybe' },
      'nothing is promised: <variable> is <value>, expected <what>',
    ],
    ['declare 0', {}, 'It takes a whole number from 1 to 255.'],
    ['declare 1 --timeout 0', {}, 'It takes seconds, above 0 and up to 3600.'],
    ['declare 1', { PROMISE_FAILURE: 'dry-run' }, 'would promise exit status <status> now: <reason>'],
    ['watch acme/shop/1', {}, 'set BUILDKITE_API_TOKEN to an API access token that may read builds'],
    ['watch shop', token, 'not a build: <value>; give its URL or <organization>/<pipeline>/<number>'],
    [
      'watch acme/shop/1 --api-url localhost',
      token,
      '--api-url must be a URL such as https://api.buildkite.com/v2, not <value>',
    ],
    [
      'watch acme/shop/1 --branch main',
      token,
      '--branch goes with a pipeline, <organization>/<pipeline>, and not with <build>',
    ],
    ['watch acme/shop', token, 'no branch is checked out here: name one with --branch, or give a build'],
    [
      'watch acme/shop/1 --listen 8080',
      token,
      'set BUILDKITE_WEBHOOK_TOKEN to the token of the webhook that --listen receives',
    ],
    [
      'watch acme/shop/1 --listen here',
      { ...token, BUILDKITE_WEBHOOK_TOKEN: 'token' },
      '--listen takes <port> or <host>:<port>, not <value>',
    ],
    ['watch acme/shop/1 --evidence-wait 61', token, 'It takes seconds, from 0 to 60.'],
    ['measure', {}, 'name a pipeline, <organization>/<pipeline>, or evidence with --files <path>'],
    ['measure shop', token, 'not a pipeline: <value>; give its URL or <organization>/<pipeline>'],
    ['measure acme/shop --from 1d --to 2d', token, '--from <when> is not before --to <when>'],
    ['measure --files .', {}, 'there is no evidence in <paths>'],
    [
      'measure acme/shop --from now',
      {},
      'It takes a date such as 2026-10-01, a time in ISO 8601, or days such as 30d.',
    ],
  ])('%s, %o', async (words, env, message) => {
    expectSaid(await run(cli(words), env, makeFolder()), message);
  });
});

describe.concurrent('what the simulator says', { timeout: 60_000 }, () => {
  it.each<[pipeline: string, message: string]>([
    ['- comand: ls', '<file>:<line>: unknown key "<key>" in <what>; known are <keys>'],
    ['- label: a', '<file>:<line>: the step has no command; write "command: ..."'],
    ['[]', '<file>:<line>: steps must be a list with at least one step; found <value>'],
    ['env: [a]\nsteps: [{ command: ls }]', '<file>:<line>: must be a map of names and values; found <value>'],
    [
      '- { command: ls, parallelism: no }',
      '<file>:<line>: expected a whole number from <n> to <n>; found <value>',
    ],
    ['- { command: ls, cancel_on_build_failing: 3 }', '<file>:<line>: expected true or false; found <value>'],
    [
      '- { command: ls, key: a }\n- { command: ls, key: a }',
      '<file>:<line>: key "<key>" belongs to another step, too; keys must be unique',
    ],
    [
      '- { command: ls, depends_on: b }',
      '<file>:<line>: depends_on names "<key>", which no step has as its key; keys are <keys>',
    ],
    ['- command: echo "${"', '<file>:<line>: <text>: "${" begins no variable that can be read'],
    [
      '- command: true $NO_SUCH_VARIABLE',
      "<file>: <name> is empty when the pipeline is uploaded; write $$ for what the job's own shell is to see.",
    ],
    [
      '- block: Release?',
      'Build #<n> waits at the block step "<label>", and nobody can unblock it here: give --port, and unblock it over REST.',
    ],
  ])('of %s', async (pipeline, message) => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'pipeline.yml'), pipeline);
    expectSaid(await run(simulator('run pipeline.yml --no-pty'), {}, folder), message);
  });

  it('of a file that is not there, and of a port that is taken', async () => {
    const folder = makeFolder();
    expectSaid(await run(simulator('simulate no.yml'), {}, folder), 'There is no file <file>.');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => void server.close());
    const { port } = server.address() as { port: number };
    expectSaid(
      await run(simulator(`simulate --port ${port}`), {}, folder),
      'Port <n> is taken on 127.0.0.1: stop what listens there, or give --port another number (0 takes a free one).',
    );
  });
});

describe('what the build runner throws and refuses', () => {
  const runner = createBuildRunner({ token: 'token', baseUrl: 'http://127.0.0.1:9' });
  const place = { organization: 'acme', pipeline: 'shop', commit: 'HEAD', branch: 'main' };
  const receive = (headers: Record<string, string>, body = '{}', authentication?: 'token') => {
    const receiver = createReceiver({ token: 'secret', ...(authentication && { authentication }) });
    const verdict = receiver({ headers, rawBody: Buffer.from(body) });
    throw new Error(verdict.accepted ? 'accepted' : verdict.problem);
  };
  const signed = (at: number) => ({
    'x-buildkite-signature': `timestamp=${at},signature=${createHmac('sha256', 'secret').update(`${at}.{}`).digest('hex')}`,
  });

  it.each<[message: string, act: () => unknown]>([
    ['token must be an API access token of Buildkite, but is <what>', () => createBuildRunner({ token: '' })],
    [
      'baseUrl must be an http(s) URL such as https://api.buildkite.com/v2, not <value>',
      () => createBuildRunner({ token: 'token', baseUrl: 'buildkite' }),
    ],
    ['share must be above 0 and at most 1, not <value>', () => createRateBudget({ share: 2 })],
    ['not a build: <value>; give its URL or <organization>/<pipeline>/<number>', () => runner.status('shop')],
    ['key must be a text that names this trigger, not <value>', () => runner.trigger({ ...place, key: '' })],
    [
      'attempt must be a whole number from 1, not <value>',
      () => runner.trigger({ ...place, key: 'a', attempt: 0 }),
    ],
    [
      'token must be the token of the webhook, or a list of such, and none may be empty',
      () => createReceiver({ token: '' }),
    ],
    ['there is no single x-buildkite-signature', () => receive({})],
    ['there is no single x-buildkite-token', () => receive({}, '{}', 'token')],
    ['the token is wrong', () => receive({ 'x-buildkite-token': 'public' }, '{}', 'token')],
    ['the body is no JSON', () => receive({ 'x-buildkite-token': 'secret' }, 'no', 'token')],
    ['the body is too large', () => receive({}, ' '.repeat(1_048_577))],
    ['the signature is malformed', () => receive({ 'x-buildkite-signature': 'none' })],
    ['the signature is stale', () => receive(signed(1_000_000_000))],
    ['the signature is forged', () => receive(signed(Math.round(Date.now() / 1000)), '{ }')],
  ])('%s', async (message, act) => {
    const said = await Promise.resolve()
      .then(act)
      .then(() => 'nothing', String);
    expectSaid(said, message);
  });
});

/** A run of one test that fails for good, told to a session as a reporter tells it. */
const script = `
import { createSession } from '@promise-failure/core';
const options = JSON.parse(process.argv[1]);
const session = createSession({ runner: 'jest', options, exitStatus: 1, rootDir: process.cwd() });
const test = { scope: 'Cart', name: 'pays', file: '/cart.test.js', titlePath: ['Cart', 'pays'] };
session.attemptFinished({ id: '1', test, status: 'failed', willRunAgain: 'no' });
await session.close();
process.exitCode = 1;
`;

function runSession(options: object, env: Env, flags: readonly string[] = []): Promise<string> {
  const args = [...flags, '--input-type=module', '-e', script, '--', JSON.stringify(options)];
  const folder = makeFolder();
  return run(args, { ...env, TMPDIR: folder }, e2eFolder);
}

async function makeJob({ enabled = true, ...options }: { enabled?: boolean } & Record<string, unknown> = {}) {
  const server = await startSimulator({ promisesEnabled: enabled, upstreamWaitsMs: [10] });
  cleanUps.push(() => server.close());
  return server.createJob(options);
}

const refused = (advice: string) => `promised failure refused (by <way>): <answer>; ${advice}`;

describe.concurrent('what a run says', { timeout: 60_000 }, () => {
  const on = { PROMISE_FAILURE: 'true', PROMISE_FAILURE_DEBUG: 'true' };

  it.each<[message: string, options: object, env: Env]>([
    ['promised exit status <status> (by <way>): <reason>', {}, {}],
    ['<n> hard, <n> muted, <n> flaky; promised exit status <status> <n> s before the end', {}, {}],
    ['following <runner>: a promise of exit status <status> at <threshold> hard failures (<mode>)', {}, {}],
    ['would promise exit status <status> now: <reason>', {}, { PROMISE_FAILURE: 'dry-run' }],
    ['nothing is promised: PROMISE_FAILURE is false', {}, { PROMISE_FAILURE: 'false' }],
    ['nothing is promised: PROMISE_FAILURE is not set', {}, { PROMISE_FAILURE: '' }],
    ['nothing is promised: this is not a Buildkite job', {}, { BUILDKITE_JOB_ID: '' }],
    ['not promised yet: <reason>', { threshold: 2 }, {}],
    ['below the threshold', { threshold: 2 }, {}],
    ['the number of tests is not certain yet', { threshold: '5%' }, {}],
    ['a further run of the runner may pass', { outerRetries: 1 }, {}],
    [
      '<n> hard, <n> muted, <n> flaky; nothing promised, because <layer> may change the exit status',
      { exitWrapper: 'our wrapper' },
      {},
    ],
    ['no hard failure', { muted: ['Cart pays'] }, {}],
    [
      'nothing will be promised, because the configuration is not valid: <field> is <value>, expected <what>',
      { threshold: 0 },
      {},
    ],
    ["one of the reporter's options; did you mean <option>?", { treshold: 1 }, {}],
    ['true or false, or dry-run', {}, { PROMISE_FAILURE: 'maybe' }],
    ['a whole number from <n> to <n>', { exitStatus: 256 }, {}],
    ['a list of patterns or of { scope, name }', { muted: 'Cart' }, {}],
    ["a whole number from 1, or a share such as '5%' (above 0%, at most 100%)", { threshold: '5 %' }, {}],
    [
      "<list>: <why>; no failed test is promised without the list of muted tests, the job's own exit status says the rest",
      { mutedFile: 'no-such-file.yaml' },
      {},
    ],
    [
      'no API token: set BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN (scope read_suites)',
      { mutedSuite: 'acme/web' },
      {},
    ],
    ['the evidence cannot be written to <file>: <error>', { evidence: '/proc/no/evidence.json' }, {}],
    [
      "failures are counted in this process alone, because the job's folder cannot be used: <error>",
      { threshold: 2 },
      { PROMISE_FAILURE_JOB_FOLDER: '/proc/no' },
    ],
    [
      'BUILDKITE_REDACTED_VARS holds a malformed pattern (<patterns>), so the values of all variables are redacted',
      {},
      { BUILDKITE_REDACTED_VARS: '[' },
    ],
  ])('%s', async (message, options, env) => {
    const job = await makeJob();
    expectSaid(await runSession(options, { ...job.env, ...on, ...env }), message);
  });

  it.each<[status: number, advice: string]>([
    [401, 'the token was not accepted; the agent may be too old, or the job may have lost its environment'],
    [403, "the token is not this job's; check that BUILDKITE_AGENT_ACCESS_TOKEN is passed on unchanged"],
    [404, 'promised failures are not enabled for this organization; ask Buildkite to enable them'],
    [422, 'the job is no longer running'],
  ])('%i: %s', async (status, advice) => {
    const job = await makeJob({ agentApi: { faults: [{ status }], repeatLast: true } });
    expectSaid(await runSession({}, { ...job.env, ...on }), refused(advice));
  });

  it('that the organization has no promises', async () => {
    const job = await makeJob({ enabled: false });
    const advice = 'promised failures are not enabled for this organization; ask Buildkite to enable them';
    expectSaid(await runSession({}, { ...job.env, ...on }), refused(advice));
  });

  it('that another status is promised', async () => {
    const job = await makeJob();
    await runSession({ exitStatus: 3 }, { ...job.env, ...on });
    const message =
      'another exit status has been promised for this job already, so exit status <status> is not';
    expectSaid(await runSession({}, { ...job.env, ...on }), message);
  });

  it('that nobody answers in time', async () => {
    const job = await makeJob({ jobApi: { faults: [{ hang: 'request' }], repeatLast: true } });
    const message = 'the declaration has no answer after <n> ms; the run ends without waiting for it';
    expectSaid(await runSession({ drainTimeoutMs: 300 }, { ...job.env, ...on }), message);
  });

  it('that the list of muted tests is not there in time', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const env = {
      ...(await makeJob()).env,
      ...on,
      BUILDKITE_API_TOKEN: 'a-token-of-the-job',
      BUILDKITE_TEST_ENGINE_BASE_URL: `http://127.0.0.1:${port}`,
    };
    const message = 'the list of muted tests has no answer after <n> ms; the run ends without waiting for it';
    try {
      expectSaid(await runSession({ drainTimeoutMs: 1000, mutedSuite: 'acme/web' }, env), message);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it('which ways are closed, and why', async () => {
    const env = { ...on, BUILDKITE_JOB_ID: 'job' };
    const none = 'promised failure not declared: the job has neither a Job API socket nor an access token';
    const closed = 'promised failure not declared: no way to Buildkite is open: <way>: <why>; <way>: <why>';
    const said = await runSession({}, env);
    expect([none, closed].filter((message) => toPattern(message).test(said))).toHaveLength(1);
    const job = await makeJob();
    const { BUILDKITE_AGENT_ACCESS_TOKEN: _, ...rest } = job.env;
    const elsewhere = { ...rest, ...on, BUILDKITE_AGENT_JOB_API_SOCKET: '/no/such.sock' };
    const why = await runSession({}, elsewhere);
    expectSaid(why, 'cannot connect to <socket> (<code>)');
    expectSaid(why, 'BUILDKITE_AGENT_ACCESS_TOKEN is not set');
    expectSaid(why, closed);
  });

  it('that an old agent takes no promise on its socket', async () => {
    const job = await makeJob({ jobApi: { knowsRoute: false } });
    const message = 'the agent is older than 3.130.0, the first whose Job API takes a promise';
    expectSaid(await runSession({}, { ...job.env, ...on }), message);
  });

  it('that Node may start no thread', async () => {
    const [major = 0] = process.versions.node.split('.').map(Number);
    const permission = major > 22 ? '--permission' : '--experimental-permission';
    const job = await makeJob();
    const flags = [permission, '--allow-fs-read=*', '--allow-fs-write=*'];
    const said = await runSession({ threshold: 2 }, { ...job.env, ...on }, flags);
    expectSaid(
      said,
      'promising failed, the next failure tries again: <error>: Node may start no thread here; allow it with --allow-worker',
    );
  });
});

/** A project of each runner with one test that fails. */
const failing: Readonly<Record<RunnerName, Readonly<Record<string, string>>>> = {
  jest: { 'a.test.js': "test('a', () => expect(1).toBe(2));\n" },
  vitest: { 'a.test.js': "import { expect, test } from 'vitest';\ntest('a', () => expect(1).toBe(2));\n" },
  playwright: {
    'a.spec.js':
      "const { expect, test } = require('@playwright/test');\ntest('a', () => expect(1).toBe(2));\n",
  },
  'node-test': {
    'a.test.mjs': "import { test } from 'node:test';\ntest('a', () => { throw new Error('no'); });\n",
  },
};

describe.concurrent('what a reporter says, to its own runner', { timeout: 120_000 }, () => {
  const env = { PROMISE_FAILURE_DEBUG: 'true' };
  const order = { ...env, PROMISE_FAILURE_ORDER: 'red-first' };

  it.each<[runner: RunnerName, message: string, project: Partial<Project>]>([
    ['jest', 'promised exit status <status> (by <way>): <reason>', { env }],
    [
      'jest',
      'nothing is promised: failed tests exit with 0 (testFailureExitCode)',
      { env, config: '{ testFailureExitCode: 0 }' },
    ],
    [
      'jest',
      "order needs testSequencer: '@promise-failure/jest/sequencer' in Jest's configuration, and before Jest 30 the variable PROMISE_FAILURE_ORDER: Jest's own order stays",
      { env, options: { order: 'red-first' } },
    ],
    [
      'jest',
      "one of the reporter's options; did you mean <option>?",
      { env, options: { drainTimeout: 1000 } },
    ],
    ['vitest', 'no test file was run', { env, files: {} }],
    [
      'vitest',
      'the history <file> is not JSON: it is left out',
      {
        env: { ...order, PROMISE_FAILURE_HISTORY: 'history.json' },
        files: { ...failing.vitest, 'history.json': 'no JSON' },
      },
    ],
    [
      'vitest',
      'base is "<branch>", which is no branch of this checkout: the change is not known',
      { env: { ...order, PROMISE_FAILURE_BASE: 'no-such-branch' } },
    ],
    [
      'vitest',
      "<option> is <value>, expected 'off' or 'red-first': the runner's own order stays",
      { env: { ...env, PROMISE_FAILURE_ORDER: 'red' } },
    ],
    ['node-test', 'promised exit status <status> (by <way>): <reason>', { env }],
    ['playwright', 'nothing is promised: tests are listed', { env, command: ['test', '--list'] }],
    [
      'playwright',
      'nothing will be promised, because the configuration is not valid: <field> is <value>, expected <what>',
      { env, options: { settle: 'file' } },
    ],
  ])('%s: %s', async (runner, message, project) => {
    const { stderr } = await runProject({ files: failing[runner], ...project }, { runner });
    expectSaid(stderr, message);
  });
});
