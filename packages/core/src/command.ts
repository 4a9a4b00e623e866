/** What the command needs beside running a runner: to declare by hand, and to tell what would stand in the way. */
export { type FlagState, readFlag } from './config/config.ts';
export { declareByHand } from './delivery/by-hand.ts';
