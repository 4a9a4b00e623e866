import { expect, it } from 'vitest';
import { agentApiHeaders } from './agent-api-headers.ts';

const own = {
  Authorization: 'Token bkjt_1',
  'Content-Type': 'application/json',
  'User-Agent': 'promise-failure',
};

it.each([
  ['nothing', {}, {}],
  [
    'a header of Buildkite',
    { BUILDKITE_REQUEST_HEADER_BUILDKITE_SHARD_ID: 'a 7' },
    { 'Buildkite-Shard-Id': 'a 7' },
  ],
  [
    'no header of others',
    { BUILDKITE_REQUEST_HEADER_AUTHORIZATION: 'x', BUILDKITE_REQUEST_HEADER_X_BUILDKITE_A: 'x' },
    {},
  ],
  ['no name that only begins alike', { BUILDKITE_REQUEST_HEADER_BUILDKITES: 'x' }, {}],
  ['no empty value', { BUILDKITE_REQUEST_HEADER_BUILDKITE_A: '' }, {}],
  ['no value that would break the request', { BUILDKITE_REQUEST_HEADER_BUILDKITE_A: 'x\r\nEvil: 1' }, {}],
] as const)('passes on %s', (_, env, forwarded) => {
  expect(agentApiHeaders({ BUILDKITE_AGENT_ACCESS_TOKEN: 'bkjt_1', ...env })).toEqual({
    ...own,
    ...forwarded,
  });
});
