import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { e2eFolder, type RunnerName } from '../harness/runners.ts';

/**
 * As npm would, above the project, where Vitest 4 looks first: it transforms a reporter that is linked from a
 * workspace, and spares an installed one that.
 */
export function installReporters(runner: RunnerName, modules: string): void {
  for (const name of [runner, 'core', 'order']) {
    const from = join(dirname(e2eFolder), 'packages', name);
    for (const path of ['package.json', 'dist']) {
      cpSync(join(from, path), join(modules, '@promise-failure', name, path), { recursive: true });
    }
    for (const dependency of readdirSync(join(from, 'node_modules'))) {
      const link = join(modules, dependency);
      if (/^[@.]/.test(dependency) || dependency === runner || existsSync(link)) continue;
      mkdirSync(modules, { recursive: true });
      symlinkSync(join(from, 'node_modules', dependency), link, 'dir');
    }
  }
}
