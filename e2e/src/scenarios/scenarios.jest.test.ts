import { jestFixtures } from './jest.ts';
import { describeScenarios } from './run-scenarios.ts';

describeScenarios('jest', jestFixtures);
