import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunnerName } from '../harness/runners.ts';

/** A reporter as its own README configures it. */
export interface Contestant {
  readonly name: string;
  /** As the runner's configuration takes it. */
  readonly reporter: unknown;
  /** What else it needs in the configuration, as an object literal. */
  readonly extra?: string;
}

export const ours = (runner: RunnerName): Contestant => ({
  name: 'promise-failure',
  reporter: [`@promise-failure/${runner}`, {}],
});

/** What people use beside us: of what they write, all goes into the project's own folder. */
export const others: Readonly<Record<RunnerName, readonly Contestant[]>> = {
  jest: [
    { name: 'jest-junit', reporter: 'jest-junit' },
    { name: 'buildkite-test-collector', reporter: 'buildkite-test-collector/jest/reporter' },
    {
      name: 'allure-jest',
      reporter: ['empty-reporter', {}],
      extra: `{ testEnvironment: 'allure-jest/node' }`,
    },
  ],
  vitest: [
    { name: 'json', reporter: ['json', { outputFile: 'results.json' }] },
    { name: 'junit', reporter: ['junit', { outputFile: 'results.xml' }] },
    {
      name: 'buildkite-test-collector',
      reporter: 'buildkite-test-collector/vitest/reporter',
      extra: '{ includeTaskLocation: true }',
    },
    {
      name: 'allure-vitest',
      reporter: ['allure-vitest/reporter', { resultsDir: 'allure-results' }],
      extra: `{ setupFiles: ['allure-vitest/setup'] }`,
    },
  ],
  playwright: [
    { name: 'json', reporter: ['json', { outputFile: 'results.json' }] },
    { name: 'junit', reporter: ['junit', { outputFile: 'results.xml' }] },
    { name: 'buildkite-test-collector', reporter: ['buildkite-test-collector/playwright/reporter', {}] },
    { name: 'allure-playwright', reporter: ['allure-playwright', {}] },
  ],
  'node-test': [],
};

/** Takes what the collector uploads, so that it has all its work. */
export async function openCollectorApi(): Promise<{ env: Record<string, string>; close(): void }> {
  const server = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(202, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      BUILDKITE_ANALYTICS_TOKEN: 'token-of-the-suite',
      BUILDKITE_ANALYTICS_BASE_URL: `http://127.0.0.1:${port}/v1/uploads`,
    },
    close: () => server.close(),
  };
}
