import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig } from 'rolldown';

/**
 * The delivery's thread as one CommonJS file, and what it seldom needs in files of their own beside it. A thread
 * that loads ES modules, by `import` or by `require`, cannot be ended at every moment: Node 20.20 aborts the whole process then.
 */
const bundle = (name, input, cleanDir) => ({
  input: { [name]: input },
  platform: 'node',
  external: ['undici', 'yaml'],
  plugins: [{ name: 'licences', writeBundle: copyLicences }],
  output: {
    dir: 'dist/thread',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    dynamicImportInCjs: false,
    cleanDir,
  },
});

/** What a reporter loads in every run, green ones included, as one file: thirty small ones cost as much again. */
const session = {
  input: { index: 'src/index.ts' },
  platform: 'node',
  output: { dir: 'dist/session-entry', format: 'esm', cleanDir: true },
};

/** The thread and the sender apart, so that each is loaded as one file, whatever they share. */
export default defineConfig([
  bundle('thread', 'src/delivery/worker.ts', true),
  bundle('direct', 'src/delivery/send-directly.ts', false),
  session,
]);

/** Of the packages whose code is in the files: they are ES modules alone, which `require` cannot load on Node 20. */
function copyLicences({ dir }) {
  const from = createRequire(import.meta.url).resolve('p-retry');
  const folders = {
    'p-retry': dirname(from),
    'is-network-error': dirname(createRequire(from).resolve('is-network-error')),
  };
  for (const [name, folder] of Object.entries(folders)) {
    mkdirSync(join(dir, 'licences'), { recursive: true });
    copyFileSync(join(folder, 'license'), join(dir, 'licences', `${name}.txt`));
  }
}
