import { defineConfig } from 'vitest/config';

// Vite takes no .cts file for TypeScript by itself.
export default defineConfig({ oxc: { include: /\.c?ts$/, lang: 'ts' } });
