/**
 * What the worker needs of Node. Not imported: of each built-in module that is imported Node makes a module with all
 * of its exports, those that it loads on demand among them, which takes 3 ms on the way of every promise.
 */
export const fs = process.getBuiltinModule('node:fs');
export const os = process.getBuiltinModule('node:os');
export const path = process.getBuiltinModule('node:path');
export const timers = process.getBuiltinModule('node:timers/promises');
export const util = process.getBuiltinModule('node:util');
export const workerThreads = process.getBuiltinModule('node:worker_threads');
