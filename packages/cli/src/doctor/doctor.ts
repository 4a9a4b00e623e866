import { resolve } from 'node:path';
import type { Command } from 'commander';

const exitCodes = `
Exit codes: 0 all is well; 1 something stands in the way. Nothing is promised, whatever is found.

Environment: that of the step whose tests are meant; BUILDKITE_API_TOKEN, if it
is there, tells whether the organization has promised failures enabled.
`;

interface DoctorOptions {
  readonly json: boolean;
}

/** Adds `promise-failure doctor [folder]`. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('tell whether a promise would work here, and if not, what to do')
    .description('Tells in a few lines whether a promise would work here, and if not, why and what to do.')
    .argument('[folder]', 'where the tests are run', '.')
    .option('--json', 'one JSON object', false)
    .addHelpText('after', exitCodes)
    .action(async (folder: string, { json }: DoctorOptions) => {
      const { runDoctor } = await import('./run.ts');
      const place = { env: process.env, folder: resolve(folder) };
      process.exitCode = await runDoctor(place, json, (text) => process.stdout.write(text));
    });
}
