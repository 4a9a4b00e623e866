import { defineConfig } from 'vitest/config';
import { units } from './stryker.config.js';

/** The unit tests of what is mutated, and no others: a rule is to be told where it is kept. */
export default defineConfig({ test: { include: units.map((unit) => `${unit}.test.ts`) } });
