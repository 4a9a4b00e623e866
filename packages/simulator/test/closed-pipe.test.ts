import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const bin = join(import.meta.dirname, '../bin/promise-failure-simulator.js');

it('runs its jobs to their end, and says nothing more, when nobody reads its output on', {
  timeout: 30_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'closed-pipe-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'pipeline.yml');
  writeFileSync(file, 'steps:\n  - { label: a, command: sleep 1 }\n  - { label: b, command: sleep 1 }\n');
  const args = [bin, 'run', file, '--no-live', '--logs', join(folder, 'logs'), '--expect', 'passed'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  expect(errors).toBe('');
});
