import { createSocket, type Socket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { afterEach, expect, it } from 'vitest';
import { createLookUp } from './look-up.ts';

const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
});

/** A name server that knows one IPv4 address for every name, or no name at all. */
async function serve(address: readonly number[] | undefined): Promise<string> {
  const server = createSocket('udp4');
  opened.push(server);
  server.on('message', (query, from) => {
    const isIpv4 = query.readUInt16BE(query.indexOf(0, 12) + 1) === 1;
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const found = address !== undefined && isIpv4;
    const header = Buffer.from([
      0,
      0,
      0x81,
      address === undefined ? 0x83 : 0x80,
      0,
      1,
      0,
      found ? 1 : 0,
      0,
      0,
      0,
      0,
    ]);
    query.copy(header, 0, 0, 2);
    const record = found ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address] : [];
    server.send(Buffer.concat([header, question, Buffer.from(record)]), from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  return `127.0.0.1:${server.address().port}`;
}

const find = (server: string, host: string, family = 0) =>
  new Promise<string | LookupAddress[]>((resolve, reject) => {
    const lookUp = createLookUp([server]);
    lookUp(host, { family, all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

it('takes the word of the name servers', async () => {
  const server = await serve([10, 1, 2, 3]);
  expect(await find(server, 'agent.example')).toEqual([{ address: '10.1.2.3', family: 4 }]);
  await expect(find(server, 'agent.example', 6)).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

it('finds what only the hosts file names', async () => {
  const found = await find(await serve(undefined), 'localhost', 4);
  expect(found).toEqual([{ address: '127.0.0.1', family: 4 }]);
});

it('asks the system for what name servers do not know, and says that nobody knows it', async () => {
  await expect(find(await serve(undefined), 'nobody.invalid')).rejects.toMatchObject({
    code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    message: expect.stringContaining('nobody.invalid'),
  });
});
