/** What the command needs beside running a runner: to declare by hand, and to tell what would stand in the way. */
export { type ConfigResult, type FlagState, readFlag, resolveConfig } from './config/config.ts';
export { type AgentApiProbe, probeAgentApi } from './declarers/probe-agent-api.ts';
export { type JobApiProbe, probeJobApi } from './declarers/probe-job-api.ts';
export { declareByHand } from './delivery/by-hand.ts';
export { type Layers, lookAround } from './layers/layers.ts';
export { checkMuted, type MutedCheck } from './muted/check.ts';
