import { Command } from 'commander';
import { addRunCommand, addSimulateCommand } from './commands.ts';

const program = new Command('promise-failure-simulator').description(
  'A local Buildkite: runs small pipelines on this machine, and shows what a promised failure does to a build.',
);
addRunCommand(program);
addSimulateCommand(program);
await program.parseAsync();
