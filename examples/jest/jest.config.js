/** @type {import('jest').Config} */
module.exports = {
  reporters: ['default', '@promise-failure/jest'],
};
