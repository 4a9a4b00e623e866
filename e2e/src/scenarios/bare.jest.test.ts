import { jestFixtures } from './jest.ts';
import { describeBareRuns } from './run-scenarios.ts';

describeBareRuns('jest', jestFixtures);
