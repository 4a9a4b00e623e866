import { describeFaults } from './faults.ts';

const failing = { 'a.test.js': "test('fails', () => { throw new Error('no'); });\n" };
describeFaults('jest', { files: failing, args: ['--json', '--silent'] });
