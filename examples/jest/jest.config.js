/** @type {import('jest').Config} */
module.exports = {
  reporters: ['default', '@promise-failure/jest'],
  // A project of its own, which push.sh copies.
  modulePathIgnorePatterns: ['<rootDir>/push/', '<rootDir>/.tmp/'],
};
