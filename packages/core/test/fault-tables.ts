import { brokenAgentApi, oddAgentApi, plainAgentApi } from './agent-api-faults.ts';
import { agentCommand } from './agent-command-faults.ts';
import type { FaultRow } from './fault-bench.ts';
import { absentJobApi, brokenJobApi, oddJobApi, verdictsOfJobApi } from './job-api-faults.ts';

/** Everything that may go wrong between a test run and Buildkite, by where it does. */
export const faultTables: Readonly<Record<string, readonly FaultRow[]>> = {
  'the Job API is missing:': absentJobApi,
  'the Job API is odd:': oddJobApi,
  'the Job API breaks:': brokenJobApi,
  'the Job API brings a verdict:': verdictsOfJobApi,
  'the Agent API is asked:': plainAgentApi,
  'the Agent API is odd:': oddAgentApi,
  'the Agent API breaks:': brokenAgentApi,
  'the command is run:': agentCommand,
};
