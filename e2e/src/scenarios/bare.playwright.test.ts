import { playwrightFixtures } from './playwright.ts';
import { describeBareRuns } from './run-scenarios.ts';

describeBareRuns('playwright', playwrightFixtures);
