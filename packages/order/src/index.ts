export type { Change } from './change/find-change.ts';
export type { Graph } from './graph/measure-graph.ts';
export type { Alias } from './graph/resolver.ts';
export type { Tier } from './rank/rank.ts';
export type { Knowledge } from './run/knowledge.ts';
export { lookForChange } from './run/look.ts';
export type { FileResult } from './run/news.ts';
export { openRedFirst, type RedFirst, type RedFirstSetup } from './run/red-first.ts';
