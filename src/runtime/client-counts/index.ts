export { LocalCounts, type ClientCounts, type Entry } from "./client-counts.ts";
export { SharedCounts, sharedCountsMemory } from "./shared-counts.ts";
