import { describeBareRuns } from './run-scenarios.ts';
import { vitestFixtures } from './vitest.ts';

describeBareRuns('vitest', vitestFixtures);
