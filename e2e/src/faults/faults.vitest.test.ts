import { describeFaults, sample } from './faults.ts';

const source = `import { test } from 'vitest';
test('fails', () => { throw new Error('no'); });
`;
describeFaults('vitest', { files: { 'a.test.mjs': source } }, sample);
