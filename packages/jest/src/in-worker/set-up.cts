/**
 * Loaded by Jest into the sandbox of every test file, where alone the retries of a test are known, and handed over to
 * code that a process loads once, outside of its sandboxes: whatever stands here is compiled for every file.
 * CommonJS, because Jest loads no ES module here without a flag.
 */
try {
  const { channel } = require('node:diagnostics_channel') as typeof import('node:diagnostics_channel');
  // Node's own modules are shared by all sandboxes. The name stands in channels.ts, too.
  const sandboxes = channel('promise-failure:jest:sandbox');
  if (!sandboxes.hasSubscribers) {
    // A sandbox has a class `Module` of its own, which extends Node's (jest-runtime, 28.0 to 30.5).
    const outer = Object.getPrototypeOf(require('node:module')) as typeof import('node:module');
    outer.createRequire(__filename)('./outside.cjs');
  }
  sandboxes.publish(globalThis);
} catch {
  // Tests may have replaced what stands above, and must not fail for it: the file's result tells.
}
