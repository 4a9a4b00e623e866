/** Where a wrong answer would be a false promise or a missed one, as the paths of source and unit test begin. */
export const units = [
  'packages/core/src/decision/{decide,standing}',
  'packages/core/src/session/ledger',
  'packages/core/src/state-map',
  'packages/core/src/config/threshold',
  'packages/core/src/http/{classify,retry}',
  'packages/core/src/delivery/coordinator',
  'packages/core/src/declarers/fallback',
  'packages/vitest/src/finality',
  'packages/playwright/src/attempt',
  'packages/jest/src/in-worker/*',
];

export default {
  mutate: units.flatMap((unit) => [`${unit}.ts`, `!${unit}.test.ts`]),
  testRunner: 'vitest',
  // Looked for in Stryker's own folder of node_modules, where pnpm has none, unless it is named.
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts' },
  thresholds: { high: 95, low: 90, break: 90 },
  // Two at once make each other late, and a test that is late would pass for one that fails.
  concurrency: 1,
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { reportTests: false, allowColor: false },
  htmlReporter: { fileName: '.tmp/mutation/report.html' },
  jsonReporter: { fileName: '.tmp/mutation/report.json' },
  tempDirName: '.tmp/mutation/sandbox',
  ignorePatterns: ['dist', 'docs', 'e2e', 'examples'],
  // The file whose references it would mend, through an API that TypeScript 7 no longer has.
  tsconfigFile: 'none',
};
