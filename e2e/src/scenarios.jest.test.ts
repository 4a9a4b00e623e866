import { jestFixtures } from './scenarios/jest.ts';
import { describeScenarios } from './scenarios/run-scenarios.ts';

describeScenarios('jest', jestFixtures);
