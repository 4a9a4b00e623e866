import { describeFaults, sample } from './faults.ts';

const source = `import { test } from '@playwright/test';
test('fails', () => { throw new Error('no'); });
`;
describeFaults('playwright', { files: { 'a.spec.mjs': source } }, sample);
