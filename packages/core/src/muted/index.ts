export { createMutedList, type MutedList } from './list.ts';
export { type LoadOptions, loadMutedList } from './load.ts';
export type { MutedEntry, MutedSource, MutedTarget } from './source.ts';
export { createMutedSources, type MutedSeams } from './sources.ts';
