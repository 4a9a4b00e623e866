import { describeScenarios } from './scenarios/run-scenarios.ts';
import { vitestFixtures } from './scenarios/vitest.ts';

describeScenarios('vitest', vitestFixtures);
