export { Admission } from "./admission.ts";
export type { AdmissionLimits, AdmissionParts, CountedAs } from "./admission.ts";
export * from "./client-counts/index.ts";
export { ConsoleLog } from "./console-log.ts";
export { claimDataFolder, ClaimRefused, type DataFolder } from "./data-folder.ts";
export { LateWork } from "./late-work.ts";
export { LogFile, type LossReport } from "./log-file.ts";
export { makeFolders } from "./make-folders.ts";
export { Deadline, TimerWheel } from "./timer-wheel.ts";
export {
  OrderFailed,
  seatsOf,
  serveOrders,
  WorkerGone,
  WorkerPool,
  type Parent,
  type PooledWorker,
  type PoolOptions,
  type WorkerSide,
} from "./workers/index.ts";
export * from "./accounts/index.ts";
export * from "./connections/index.ts";
export * from "./control/index.ts";
export * from "./coordinator/index.ts";
export * from "./events/index.ts";
export * from "./modules/index.ts";
export * from "./pools/index.ts";
export * from "./programs/index.ts";
export * from "./sessions/index.ts";
export * from "./slots/index.ts";
