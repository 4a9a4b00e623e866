import { playwrightFixtures } from './playwright.ts';
import { describeScenarios } from './run-scenarios.ts';

describeScenarios('playwright', playwrightFixtures);
