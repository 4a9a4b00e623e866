/** What Jest requires, for the same reason as `index.cts`. */
module.exports = import('./sequencer.ts').then((module) => module.default);
