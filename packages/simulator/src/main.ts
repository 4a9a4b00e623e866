import { Command, InvalidArgumentError, Option } from 'commander';
import { type RunFlags, runCommandLine } from './run-command.ts';

const program = new Command('promise-failure-simulator').description(
  'Runs small pipelines on this machine as Buildkite would, and shows what a promised failure does to a build.',
);

program
  .command('run')
  .description('Run a pipeline file: every job is a real process with its own Job API and Agent API.')
  .argument('<pipeline.yml>')
  .option('--agents <n>', 'jobs at a time (default: all)', whole)
  .option('--grace <seconds>', 'time a cancelled job has to end by itself', whole, 10)
  .option('--no-live', 'plain lines instead of the live view; the default where there is no terminal')
  .option('--no-pty', 'pipes instead of a pseudo-terminal for each job')
  .option('--output', "plain lines with the jobs' output between them", false)
  .option('--logs <folder>', 'folder for one log file per job (default: a new temporary one)')
  .option('--json <file>', 'write the build and its jobs, with all times in epoch milliseconds')
  .addOption(
    new Option('--expect <state>', 'exit 0 if and only if the build ends so').choices([
      'passed',
      'failed',
      'canceled',
    ]),
  )
  .action(async (file: string, flags: RunFlags) => {
    process.exitCode = await runCommandLine(file, flags, process.stdout);
  });

await program.parseAsync();

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}
