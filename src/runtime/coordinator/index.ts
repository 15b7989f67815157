export { Coordinator, type PostToOwner } from "./coordinator.ts";
export {
  clientWithoutWorkers,
  CoordinatorClient,
  type Lease,
  type WaitOptions,
} from "./coordinator-client.ts";
export type { FromCoordinator, ToCoordinator } from "./messages.ts";
export { freeLocksOf, MAIN_OWNER, SharedLocks, sharedLocksMemory } from "./shared-locks.ts";
