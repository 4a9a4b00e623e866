export type { JestReporterOptions } from './options.ts' with { 'resolution-mode': 'import' };

/**
 * What Jest requires. Under Yarn's Plug'n'Play a `require` of an ES module goes past Yarn's loader on Node 20, and an
 * `import` does not. Jest awaits the default that it gets (jest-util src/requireOrImportModule.ts, 28.0 to 30.5).
 */
module.exports = { __esModule: true, default: import('./index.ts').then((module) => module.default) };
