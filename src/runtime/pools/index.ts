export { ProcessPools, type PoolNote } from "./process-pools.ts";
export { runFolder } from "./run-folder.ts";
export { poolKey, poolSocket, type PoolSpec } from "./spec.ts";
