export type { MutedList } from './list.ts';
export { loadMutedList } from './load.ts';
export { createMutedSources } from './sources.ts';
