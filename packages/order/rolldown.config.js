import { defineConfig } from 'rolldown';

/** One file: a run that asks for an order waits for it, and two dozen small ones take twice as long to load. */
export default defineConfig({
  input: 'src/index.ts',
  platform: 'node',
  external: ['@promise-failure/core/log', 'es-module-lexer', 'get-tsconfig'],
  output: { file: 'dist/index.js', format: 'esm' },
});
