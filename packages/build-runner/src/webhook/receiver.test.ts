import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createReceiver, type ReceiverOptions } from './receiver.ts';

const now = Date.parse('2026-06-03T04:16:00Z');
const token = 'the webhook token';
const build = {
  id: 'b',
  number: 7,
  state: 'failing',
  web_url: 'https://buildkite.com/acme/app/builds/7',
  failing_at: '2026-06-03T04:15:41.700Z',
};
const job = {
  id: 'j',
  name: 'Test',
  state: 'running',
  soft_failed: false,
  exit_status: null,
  promised_exit_status: 1,
  promised_exit_status_at: '2026-06-03T04:15:41.618Z',
};
const promised = {
  event: 'job.promised_exit_status',
  build,
  job,
  promised_exit_status_reason: 'test_failure (2 failed after retries)',
};

function signed(body: string, seconds: number, secret = token): string {
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `timestamp=${seconds},signature=${signature}`;
}

function send(body: unknown, header?: string, options: Partial<ReceiverOptions> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'x-buildkite-signature': header ?? signed(text, now / 1000) };
  return createReceiver({ token, now: () => now, ...options })({ headers, rawBody: Buffer.from(text) });
}

describe('a receiver', () => {
  it('reads the promise of a job with its reason', () => {
    expect(send(promised)).toMatchObject({
      accepted: true,
      status: 204,
      event: {
        name: 'job.promised_exit_status',
        report: {
          id: 'acme/app/7',
          status: 'failing',
          failingJobs: [
            { id: 'j', promised: { exitStatus: 1, reason: 'test_failure (2 failed after retries)' } },
          ],
        },
      },
    });
  });

  const body = JSON.stringify(promised);
  const second = now / 1000;
  const forged = [
    ['with another key', signed(body, second, 'another')],
    ['of another body', signed(`${body} `, second)],
    ['of another time', signed(body, second - 1).replace(String(second - 1), String(second))],
    ['older than the window', signed(body, second - 301)],
    ['dated beyond the window', signed(body, second + 301)],
    ['without a time', `signature=${'0'.repeat(64)}`],
    ['with a time that is no number', `timestamp=NaN,signature=${'0'.repeat(64)}`],
    ['of no length', `timestamp=${second},signature=`],
    ['that is empty', ''],
  ] as const;
  it.each(forged)('refuses a signature %s', (_, header) => {
    expect(send(promised, header)).toMatchObject({ accepted: false, status: 401 });
  });

  it.each([-299, 0, 299])('takes a sender whose clock differs by %s s', (skew) => {
    expect(send(promised, signed(body, second + skew)).accepted).toBe(true);
  });

  it('takes a token in clear text only where it is told to', () => {
    const request = { headers: { 'x-buildkite-token': token }, rawBody: Buffer.from(body) };
    expect(createReceiver({ token })(request).status).toBe(401);
    expect(createReceiver({ token, authentication: 'token' })(request).status).toBe(204);
    expect(createReceiver({ token: 'x', authentication: 'token' })(request).status).toBe(401);
    expect(() => createReceiver({ token: '' })).toThrow(TypeError);
  });

  it.each([undefined, null, '', [], [''], ['one', undefined]])('is not made with the token %j', (missing) => {
    expect(() => createReceiver({ token: missing as string })).toThrow(TypeError);
  });

  it.each(['old', 'new'])('takes the %s one of two secrets while they are exchanged', (secret) => {
    const tokens = { token: ['old', 'new'] };
    expect(send(promised, signed(body, second, secret), tokens).status).toBe(204);
    expect(send(promised, signed(body, second, 'another'), tokens).status).toBe(401);
    const clear = createReceiver({ ...tokens, authentication: 'token' });
    expect(clear({ headers: { 'x-buildkite-token': secret }, rawBody: Buffer.from(body) }).status).toBe(204);
  });

  it.each([
    ['a Headers object', (header: string) => new Headers({ 'X-Buildkite-Signature': header })],
    ['names in any case', (header: string) => ({ 'X-BuildKite-SIGNATURE': header })],
    ['a list of one value', (header: string) => ({ 'x-buildkite-signature': [header] })],
  ])('reads %s', (_, headersOf) => {
    const request = { headers: headersOf(signed(body, second)), rawBody: Buffer.from(body) };
    expect(createReceiver({ token, now: () => now })(request).status).toBe(204);
  });

  it('refuses a header that comes twice', () => {
    const header = signed(body, second);
    const headers = { 'x-buildkite-signature': header, 'X-Buildkite-Signature': header };
    const request = { headers, rawBody: Buffer.from(body) };
    expect(createReceiver({ token, now: () => now })(request).status).toBe(401);
  });

  it('never throws, whatever it is given', () => {
    const receive = createReceiver({ token });
    for (const request of [
      undefined,
      null,
      7,
      {},
      { headers: null, rawBody: Buffer.from('') },
      { headers: {} },
    ]) {
      expect(receive(request as never).accepted).toBe(false);
    }
  });

  it.each([
    ['a block step that was unblocked', { type: 'manual', state: 'finished', passed: false }],
    ['a promised job that was cancelled', { state: 'canceled', promised_exit_status: 1 }],
    ['a failed job that is retried', { state: 'failed', exit_status: 1, retried: true }],
    ['a failed job that was retried in another', { state: 'failed', exit_status: 1, retried_in_job_id: 'k' }],
  ])('does not take %s for a failing job', (_, more) => {
    const event = { event: 'job.finished', build, job: { id: 'j', ...more } };
    expect(send(event)).toMatchObject({ event: { report: { failingJobs: [] } } });
  });

  it.each([{ event: 'ping' }, { event: 'agent.lost' }, { event: 'build.new' }, {}, [], null, 7])(
    'accepts and ignores %j',
    (other) => {
      expect(send(other)).toEqual({ accepted: true, status: 204 });
    },
  );

  it('refuses what is no JSON, and what is too large', () => {
    expect(send('{"event":').status).toBe(400);
    expect(send(promised, undefined, { maxBodyBytes: 10 }).status).toBe(413);
  });

  it('does not call a build failing that runs again after a retry', () => {
    const recovered = { ...build, state: 'running' };
    expect(send({ event: 'job.started', build: recovered, job })).toMatchObject({
      event: { report: { status: 'running' } },
    });
    expect(send({ event: 'build.failing', build: recovered })).toMatchObject({
      event: { report: { status: 'failing' } },
    });
  });

  it('reads EventBridge’s shape', () => {
    const event = {
      'detail-type': 'Job Promised Exit Status',
      source: 'aws.partner/buildkite.com/acme/1',
      detail: {
        version: 1,
        promised_exit_status_reason: 'because',
        job: {
          uuid: 'j',
          label: 'Test',
          state: 'running',
          passed: false,
          soft_failed: false,
          exit_status: null,
          promised_exit_status: 2,
          promised_exit_status_at: '2026-06-03 04:15:41 UTC',
        },
        build: {
          uuid: 'b',
          number: 1,
          state: 'failing',
          blocked_state: null,
          finished_at: null,
          meta_data: {},
        },
        pipeline: { slug: 'app' },
        organization: { slug: 'acme' },
      },
    };
    expect(send(event)).toMatchObject({
      event: {
        report: {
          id: 'acme/app/1',
          status: 'failing',
          failingJobs: [
            {
              id: 'j',
              name: 'Test',
              promised: { exitStatus: 2, at: '2026-06-03T04:15:41.000Z', reason: 'because' },
            },
          ],
        },
      },
    });
  });
});
