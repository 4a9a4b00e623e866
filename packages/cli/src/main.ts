import { readFileSync } from 'node:fs';
import { addSimulateCommand } from '@promise-failure/simulator/command';
import { Command } from 'commander';
import { addDeclareCommand } from './declare/declare.ts';
import { addDoctorCommand } from './doctor/doctor.ts';
import { addMeasureCommand } from './measure/measure.ts';
import { addRunCommand } from './run/run.ts';
import { addWatchCommand } from './watch/watch.ts';

const { version, description } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string; description: string };

// A reader that has seen enough, such as `head`, is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const program = new Command('promise-failure')
  .description(description)
  .version(version)
  .enablePositionalOptions();
addRunCommand(program);
addDeclareCommand(program);
addWatchCommand(program);
addDoctorCommand(program);
addMeasureCommand(program);
addSimulateCommand(program);
await program.parseAsync();
