import { nodeTestFixtures } from './node-test.ts';
import { describeScenarios } from './run-scenarios.ts';

describeScenarios('node-test', nodeTestFixtures);
