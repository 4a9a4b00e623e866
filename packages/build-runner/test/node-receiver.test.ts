import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createReceiver, type MountOptions, mountReceiver, type Refusal } from '../src/index.ts';

async function mount(options: Partial<MountOptions> = {}) {
  const receiver = createReceiver({ token: 'secret', authentication: 'token' });
  const server = createServer(mountReceiver(receiver, { onVerdict: () => {}, ...options }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return async (token: string, body = '{"event":"ping"}') => {
    const headers = { 'x-buildkite-token': token };
    return (await fetch(url, { method: 'POST', headers, body })).status;
  };
}

describe('a mounted receiver', () => {
  it.each([
    ['the first of them', undefined, [1]],
    ['each of them where no time is to pass', 0, [1, 1, 1]],
  ])('tells of refused requests: %s', async (_which, refusalEveryMs, requests) => {
    const told: Refusal[] = [];
    const send = await mount({ onRefusal: (refusal) => told.push(refusal), refusalEveryMs });
    for (let request = 0; request < 3; request++) expect(await send('wrong')).toBe(401);
    expect(told).toEqual(requests.map((count) => ({ problem: 'the token is wrong', requests: count })));
  });

  it('answers 500 where its owner throws, tells that, and goes on', async () => {
    const errors: unknown[] = [];
    const mistake = new Error('mistake');
    const onVerdict = () => {
      throw mistake;
    };
    const send = await mount({ onVerdict, onError: (error) => errors.push(error) });
    expect([await send('secret'), await send('wrong')]).toEqual([500, 500]);
    expect(errors).toEqual([mistake, mistake]);
  });

  it.each([
    ['nothing', ''],
    ['half an object', '{'],
    ['nothing but brackets', '['.repeat(100_000)],
    ['a build that is none', '{"event":"build.failing","build":[]}'],
    ['a zero', '\u0000'],
  ])('outlives a body of %s', async (_, body) => {
    const send = await mount();
    expect([204, 400]).toContain(await send('secret', body));
    expect(await send('secret')).toBe(204);
  });

  it('outlives an exception in the receiver', async () => {
    const broken = () => {
      throw new Error('broken');
    };
    const server = createServer(mountReceiver(broken, { onVerdict: () => {} }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(fetch(url, { method: 'POST', body: '{}' })).rejects.toThrow();
    await expect(fetch(url, { method: 'POST', body: '{}' })).rejects.toThrow();
  });
});
