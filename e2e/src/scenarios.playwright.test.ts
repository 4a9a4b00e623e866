import { playwrightFixtures } from './scenarios/playwright.ts';
import { describeScenarios } from './scenarios/run-scenarios.ts';

describeScenarios('playwright', playwrightFixtures);
