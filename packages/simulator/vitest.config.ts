import { defineConfig } from 'vitest/config';

// Processes are started here, and machines are slow at times.
export default defineConfig({ test: { testTimeout: 60_000 } });
