import { defineConfig } from 'rolldown';

/** What runs beside the tests as one CommonJS file, since a set-up file in Jest's sandbox can require nothing else. */
export default defineConfig({
  input: 'src/in-worker/outside.ts',
  platform: 'node',
  output: { file: 'dist/in-worker/outside.cjs', format: 'cjs' },
});
