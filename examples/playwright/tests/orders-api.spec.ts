import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';

let server: Server;
let baseURL: string;

test.beforeAll(async () => {
  const orders = new Map([['1', { id: '1', status: 'shipped', total: '16.25' }]]);
  server = createServer((request, response) => {
    const order = orders.get(request.url?.split('/').at(-1) ?? '');
    response.statusCode = order ? 200 : 404;
    response.end(JSON.stringify(order ?? { error: 'no such order' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(() => {
  server.close();
});

test.describe('orders API', () => {
  test('tells an order by its number', async ({ request }) => {
    const response = await request.get(`${baseURL}/orders/1`);
    expect(await response.json()).toMatchObject({ status: 'shipped' });
  });

  test('gives totals as numbers', async ({ request }) => {
    await sleep(500);
    const response = await request.get(`${baseURL}/orders/1`);
    expect(await response.json()).toMatchObject({ total: 16.25 });
  });

  test('answers 404 for an order nobody made', async ({ request }) => {
    await sleep(900);
    expect((await request.get(`${baseURL}/orders/99`)).status()).toBe(404);
  });

  for (const page of [1, 2, 3, 4, 5]) {
    test(`lists page ${page} of the orders`, async ({ request }) => {
      await sleep(1200);
      expect((await request.get(`${baseURL}/orders/1`)).ok()).toBe(true);
    });
  }
});
