import { fails, file, flaky, passes, waits } from '../scenarios/vitest-project.ts';
import { describeBehaviours } from './behaviours.ts';

describeBehaviours('vitest', {
  green: file(passes),
  failing: file(fails + waits),
  flaky: file(flaky, { config: '{ retry: 1 }' }),
  json: file(fails + waits, { config: `{ reporters: ['json', ...reporters.slice(1)] }` }),
});
