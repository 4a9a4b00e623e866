import { nodeTestFixtures } from './node-test.ts';
import { describeBareRuns } from './run-scenarios.ts';

describeBareRuns('node-test', nodeTestFixtures);
