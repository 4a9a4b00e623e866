import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RateLimits } from './rest/rate-limit.ts';
import type { RunFlags } from './run-command.ts';
import { deliveryOrders } from './server/delivery-orders.ts';
import type { SimulateFlags } from './simulate-command.ts';

/** Adds `run` to a program. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('run a pipeline file: every job is a real process with its own Job API and Agent API')
    .argument('<pipeline.yml>')
    .option('--agents <n>', 'jobs at a time (default: all)', whole)
    .option('--grace <seconds>', 'time a cancelled job has to end by itself', whole, 10)
    .option('--port <n>', 'also serve REST and a page on this port of 127.0.0.1 while it runs', port)
    .option('--no-live', 'plain lines instead of the live view; the default where there is no terminal')
    .option('--no-pty', 'pipes instead of a pseudo-terminal for each job')
    .option('--output', "plain lines with the jobs' output between them", false)
    .option('--logs <folder>', 'folder for one log file per job (default: a new temporary one)')
    .option('--show <text>', 'at the end show the lines of the logs that hold this text')
    .option('--json <file>', 'write the build and its jobs, with all times in epoch milliseconds')
    .addOption(
      new Option('--expect <state>', 'exit 0 if and only if the build ends so').choices([
        'passed',
        'failed',
        'canceled',
      ]),
    )
    .action(async (file: string, flags: RunFlags) => {
      const { runCommandLine } = await import('./run-command.ts');
      process.exitCode = await runCommandLine(file, flags, process.stdout);
    });
}

/** Adds `simulate` to a program; what it needs is loaded when it runs. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('serve a local Buildkite that real agents and clients connect to, until ^C')
    .argument('[pipeline.yml]', 'what builds run; a first one starts at once')
    .option('--port <n>', 'port of 127.0.0.1; 0 takes a free one', port, 4000)
    .addOption(
      new Option(
        '--agents <who>',
        "who runs jobs: the simulator's own stand-in, agents that connect, or the stand-in while none is connected",
      )
        .choices(['own', 'connected', 'either'])
        .default('either'),
    )
    .option('--jobs <n>', "jobs at a time of the simulator's own stand-in (default: all)", whole)
    .option('--grace <seconds>', 'time a cancelled job of the stand-in has to end by itself', whole, 10)
    .option(
      '--heartbeat <seconds>',
      "between an agent's heartbeats; it is lost after three that did not come",
      whole,
      10,
    )
    .option('--expire-after <minutes>', 'a job that no agent took by then expires (default: never)', whole)
    .option('--webhook <url>', 'send webhooks there')
    .option('--eventbridge <url>', 'send events there as Buildkite puts them on EventBridge')
    .option('--webhook-token <text>', 'what their receiver checks (default: a new one, which is printed)')
    .addOption(
      new Option('--webhook-auth <how>', 'the token itself, or a signature made with it')
        .choices(['token', 'signature'])
        .default('token'),
    )
    .addOption(
      new Option('--webhook-order <how>', 'how they arrive').choices(deliveryOrders).default('in-order'),
    )
    .option('--webhook-delay <seconds>', 'how late "late", "twice" and "out-of-order" can be', whole, 3)
    .option(
      '--rate-limit <user/organization>',
      'requests a minute before REST answers 429, such as 50/200',
      limits,
    )
    .option('--muted <file.json>', 'tests whose failures do not count: [{"scope": "...", "name": "..."}]')
    .option('--organization <slug>', 'slug of the organization', 'acme')
    .option('--pipeline <slug>', 'slug of the pipeline', 'shop')
    .option('--no-live', 'plain lines instead of the live view; the default where there is no terminal')
    .option('--no-pty', "pipes instead of a pseudo-terminal for the stand-in's jobs")
    .option(
      '--logs <folder>',
      'folder for one log file per job of the stand-in (default: a new temporary one)',
    )
    .action(async (file: string | undefined, flags: SimulateFlags) => {
      const { simulateCommandLine } = await import('./simulate-command.ts');
      process.exitCode = await simulateCommandLine(file, flags, process.stdout);
    });
}

function limits(text: string): RateLimits {
  const [user, organization] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text)?.slice(1).map(Number) ?? [];
  if (user === undefined || organization === undefined) {
    throw new InvalidArgumentError('It must be two numbers, such as 50/200.');
  }
  const windowMs = 60_000;
  return { user: { requests: user, windowMs }, organization: { requests: organization, windowMs } };
}

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('It must be a port: 0 to 65535.');
}
