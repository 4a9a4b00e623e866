import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeBuild, makeJob, startHandMade } from '../../build-runner/test/hand-made.ts';
import { diagnose, makeFolder, startPatient } from './patients.ts';

const bare = { PATH: process.env.PATH };
const gone = { BUILDKITE_AGENT_ENDPOINT: 'http://127.0.0.1:1/v3' };

/** An agent of a version, or none, first on the PATH. */
function withAgent(version?: string): { PATH: string; BUILDKITE_BIN_PATH: string } {
  const folder = makeFolder({}, false);
  if (version === undefined) return { PATH: folder, BUILDKITE_BIN_PATH: '' };
  const file = join(folder, 'buildkite-agent');
  writeFileSync(file, `#!/bin/sh\necho "buildkite-agent version ${version}, build 1"\n`);
  chmodSync(file, 0o755);
  return { PATH: folder, BUILDKITE_BIN_PATH: '' };
}

describe('the doctor, of flag, job and ways', { timeout: 60_000 }, () => {
  it('finds all well in a job with the flag', async () => {
    const { env } = await startPatient();
    const { findings, problems } = await diagnose({ env });
    expect(problems).toEqual([]);
    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual(
      ['flag', 'job', 'Job API', 'Agent API', 'agent']
        .map((check) => `${check} ok`)
        .concat(['organization note', 'reporter ok']),
    );
  });

  it.each([
    ['', 'PROMISE_FAILURE is not set', 'set PROMISE_FAILURE: "true" in the env of the step'],
    ['false', 'PROMISE_FAILURE is false', 'set PROMISE_FAILURE: "true" in the env of the step'],
    ['yess', 'PROMISE_FAILURE is "yess"', 'set it to true or false, or dry-run'],
  ])('finds the flag "%s"', async (flag, says, todo) => {
    const { env } = await startPatient();
    const { problems } = await diagnose({ env: { ...env, PROMISE_FAILURE: flag } });
    expect(problems).toEqual([{ check: 'flag', status: 'problem', says, todo }]);
  });

  it('finds a variable that cannot be understood', async () => {
    const { env } = await startPatient();
    const { problems } = await diagnose({ env: { ...env, PROMISE_FAILURE_THRESHOLD: 'many' } });
    expect(problems).toMatchObject([{ check: 'options', says: 'PROMISE_FAILURE_THRESHOLD is "many"' }]);
  });

  it('finds that this is no job, and in a dry run that none is needed', async () => {
    const { problems } = await diagnose({ env: { ...bare, PROMISE_FAILURE: 'true' } });
    expect(problems).toMatchObject([{ check: 'job', says: expect.stringContaining('BUILDKITE_JOB_ID') }]);
    const dry = await diagnose({ env: { ...bare, PROMISE_FAILURE: 'dry-run' } });
    expect(dry.problems).toEqual([]);
  });

  it('finds a container without the job’s variables, with the lines for its plugins', async () => {
    const env = { ...bare, PROMISE_FAILURE: 'true' };
    const { find } = await diagnose({ env, inContainer: true });
    expect(find('job')?.status).toBe('problem');
    const lines = find('job')?.todo ?? '';
    for (const plugin of ['docker', 'docker-compose']) {
      expect(lines).toMatch(
        new RegExp(`- ${plugin}#v[\\d.]+:\\n +mount-buildkite-agent: true\\n +propagate-environment: true`),
      );
    }
    const pod = await diagnose({ env: { ...env, KUBERNETES_SERVICE_HOST: '10.0.0.1' }, inContainer: true });
    expect(pod.find('job')?.todo).toContain('- kubernetes:\n      podSpec:\n        containers:');
  });

  it('finds a container into which the socket is not mounted', async () => {
    const { env } = await startPatient({ jobApi: false });
    const socket = { BUILDKITE_AGENT_JOB_API_SOCKET: '/no/s.sock', BUILDKITE_AGENT_JOB_API_TOKEN: 't' };
    const { find, problems } = await diagnose({ env: { ...env, ...socket }, inContainer: true });
    expect(find('Job API')).toMatchObject({ status: 'note', says: 'there is no socket at /no/s.sock' });
    expect(find('Job API')?.todo).toContain('mount-buildkite-agent: true');
    expect(problems).toEqual([]);
  });

  it('finds an agent without a Job API', async () => {
    const { env } = await startPatient({ jobApi: false });
    const { find } = await diagnose({ env });
    expect(find('Job API')).toMatchObject({ status: 'note', todo: expect.stringContaining('--no-job-api') });
  });

  it('finds an agent that is older than the route', async () => {
    const { env } = await startPatient({ jobApi: { knowsRoute: false } });
    const { find, problems } = await diagnose({ env });
    expect(find('Job API')).toMatchObject({ status: 'note', says: expect.stringContaining('3.130.0') });
    expect(problems).toEqual([]);
  });

  it('finds a token of the socket that is not the job’s', async () => {
    const { env } = await startPatient();
    const { find } = await diagnose({ env: { ...env, BUILDKITE_AGENT_JOB_API_TOKEN: 'another' } });
    expect(find('Job API')).toMatchObject({ status: 'note', says: 'its token is not accepted' });
  });

  it('finds a socket that is none, and one on which nobody listens', async () => {
    const { env } = await startPatient();
    const file = join(makeFolder(), 'jest.config.js');
    const none = await diagnose({ env: { ...env, BUILDKITE_AGENT_JOB_API_SOCKET: file } });
    expect(none.find('Job API')?.says).toBe(`${file} is no socket`);
    const path = join(env.TMPDIR ?? '/tmp', `pf-doctor-${process.pid}.sock`);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    server.on('connection', (socket) => socket.destroy());
    const silent = await diagnose({ env: { ...env, BUILDKITE_AGENT_JOB_API_SOCKET: path } });
    expect(silent.find('Job API')?.says).toContain(`cannot connect to ${path}`);
  });

  it('finds an Agent API that cannot be reached, and a token that is not the job’s', async () => {
    const { job, env } = await startPatient();
    const { find, problems } = await diagnose({ env: { ...env, ...gone } });
    expect(find('Agent API')).toMatchObject({
      status: 'note',
      says: expect.stringContaining('127.0.0.1:1/v3'),
    });
    expect(problems).toEqual([]);
    const another = await diagnose({ env: { ...env, BUILDKITE_AGENT_ACCESS_TOKEN: job.sessionToken } });
    expect(another.find('Agent API')?.says).toBe('the token is not this job’s (403)');
  });

  it.each([
    ['3.127.2', 'note', '3.127.2 has no command for promises'],
    ['3.128.0', 'ok', 'buildkite-agent 3.128.0'],
    ['4.0.0-beta.15', 'ok', 'buildkite-agent 4.0.0-beta.15'],
    [undefined, 'note', 'there is no buildkite-agent here'],
  ])('finds the agent’s version %s', async (version, status, says) => {
    const { env } = await startPatient();
    const { find } = await diagnose({ env: { ...env, ...withAgent(version) } });
    expect(find('agent')).toMatchObject({ status, says });
  });

  it('finds problems where no way is open at all', async () => {
    const { env } = await startPatient({ jobApi: false });
    const { problems } = await diagnose({ env: { ...env, ...gone, ...withAgent() } });
    expect(problems.map(({ check }) => check)).toEqual(['Job API', 'Agent API', 'agent']);
  });

  it('finds out from an earlier promise that the organization has them enabled', async () => {
    const { env } = await startPatient();
    const place = { BUILDKITE_ORGANIZATION_SLUG: 'acme', BUILDKITE_PIPELINE_SLUG: 'app' };
    const promise = { promised_exit_status: 1, promised_exit_status_at: '2026-06-03T04:15:41.618Z' };
    const earlier = makeBuild(7, 'failed', {}, [makeJob('j', 'failed', { ...promise, exit_status: 1 })]);
    const { url } = await startHandMade(earlier);
    const token = { ...place, BUILDKITE_API_URL: url, BUILDKITE_API_TOKEN: 't' };
    const known = await diagnose({ env: { ...env, ...token } });
    expect(known.find('organization')).toMatchObject({
      status: 'ok',
      says: expect.stringContaining('acme/app/7'),
    });
    const { url: none } = await startHandMade(makeBuild(1, 'passed'));
    const unknown = await diagnose({ env: { ...env, ...token, BUILDKITE_API_URL: none } });
    expect(unknown.find('organization')).toMatchObject({
      status: 'note',
      says: expect.stringContaining('no promise in the last 1 builds'),
    });
  });
});
