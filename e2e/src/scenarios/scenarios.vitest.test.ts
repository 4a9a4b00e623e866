import { describeScenarios } from './run-scenarios.ts';
import { vitestFixtures } from './vitest.ts';

describeScenarios('vitest', vitestFixtures);
