/** What Jest requires, for the same reason as `index.cts`. */
module.exports = { __esModule: true, default: import('./sequencer.ts').then((module) => module.default) };
