import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { type Simulator, startSimulator } from '@promise-failure/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runScript } from './child.ts';
import { selfSigned } from './self-signed.ts';

type Job = Awaited<ReturnType<Simulator['createJob']>>;

const folder = mkdtempSync(join(tmpdir(), 'pf-https-'));
const authorities = join(folder, 'authorities.pem');
/** Ends TLS before the Agent API of the job at hand. */
const agent = createTlsServer({ key: selfSigned, cert: selfSigned }, (client) => {
  const upstream = connect(job.agentApi.port, '127.0.0.1');
  client.on('error', () => upstream.destroy());
  upstream.on('error', () => client.destroy());
  client.pipe(upstream).pipe(client);
});
/** What the proxy was asked for, and with which credentials. */
const tunnels: { to: string | undefined; credentials: string | undefined }[] = [];
const proxy = createServer().on('connect', ({ url, headers }, client) => {
  tunnels.push({ to: url, credentials: headers['proxy-authorization'] });
  const upstream = connect(portOf(agent), '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.pipe(client).pipe(upstream);
  });
  client.on('error', () => upstream.destroy());
  upstream.on('error', () => client.destroy());
});

let simulator: Simulator;
let job: Job;
beforeAll(async () => {
  writeFileSync(authorities, selfSigned);
  simulator = await startSimulator();
  for (const server of [agent, proxy]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
});
beforeEach(async () => {
  tunnels.length = 0;
  job = await simulator.createJob({ jobApi: false });
});
afterAll(async () => {
  agent.close();
  proxy.close();
  await simulator.close();
  rmSync(folder, { recursive: true });
});

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const declare = (env: Readonly<Record<string, string>>) =>
  runScript(
    `const session = open();
     session.attemptFinished(failed('a'));
     await session.close();
     process.exitCode = 7;`,
    { ...job.env, PROMISE_FAILURE: 'true', TMPDIR: folder, ...env },
  );

describe('the Agent API over HTTPS', () => {
  it("is reached with an authority that Node's own variable names", async () => {
    const outcome = await declare({
      BUILDKITE_AGENT_ENDPOINT: `https://localhost:${portOf(agent)}/v3`,
      NODE_EXTRA_CA_CERTS: authorities,
    });
    expect(outcome.code).toBe(7);
    expect(job.agentApi.requests).toMatchObject([{ method: 'PUT' }]);
    expect(outcome.stderr).toContain('Agent API');
  });

  it('is reached through a proxy that asks for credentials', async () => {
    const outcome = await declare({
      BUILDKITE_AGENT_ENDPOINT: 'https://agent.test/v3',
      NODE_EXTRA_CA_CERTS: authorities,
      HTTPS_PROXY: `http://proxy-user:proxy-word@127.0.0.1:${portOf(proxy)}`,
    });
    expect(outcome.code).toBe(7);
    expect(tunnels).toEqual([
      { to: 'agent.test:443', credentials: `Basic ${btoa('proxy-user:proxy-word')}` },
    ]);
    expect(job.agentApi.requests).toMatchObject([{ method: 'PUT' }]);
    expect(job.agentApi.requests[0]?.headers['proxy-authorization']).toBeUndefined();
    expect(outcome.stderr).not.toContain('proxy-word');
  });

  it('is not sent a token when nobody vouches for its certificate, and the warning says what to do', async () => {
    const outcome = await declare({
      BUILDKITE_AGENT_ENDPOINT: 'https://agent.test/v3',
      HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
      // Without the agent's command, which would go on to try by its own means.
      PATH: '',
      BUILDKITE_BIN_PATH: '',
    });
    expect(outcome.code).toBe(7);
    // At once, and once more at the end of the run.
    expect(tunnels).toHaveLength(2);
    expect(job.agentApi.requests).toEqual([]);
    expect(outcome.stderr).toContain('NODE_EXTRA_CA_CERTS');
  });
});
