/** @type {import('jest').Config} */
module.exports = {
  reporters: ['default', '@promise-failure/jest'],
  // Jest's own order unless PROMISE_FAILURE_ORDER asks for another.
  testSequencer: '@promise-failure/jest/sequencer',
  // One file after the other, as many more files than workers would run.
  maxWorkers: 1,
};
