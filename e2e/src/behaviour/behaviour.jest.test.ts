import {
  file,
  flaky,
  head,
  inBand,
  passes,
  project,
  retry,
  settles,
  waits,
} from '../scenarios/jest-project.ts';
import { describeBehaviours } from './behaviours.ts';

const failing = `test('fails', () => { expect(1).toBe(2); });\n`;

describeBehaviours('jest', {
  green: file(passes),
  failing: settles(failing),
  flaky: file(retry(1) + flaky),
  json: project({ 'a.test.js': head + failing + waits }, { config: `{ ${inBand} }`, args: ['--json'] }),
});
