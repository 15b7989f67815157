export { blocks, slabs, type BlockPool } from "./block-pool.ts";
export type { Draft, Sealed } from "./sealed.ts";
export { safeName } from "./names.ts";
export type {
  Account,
  Condition,
  Locks,
  OnConflict,
  Placing,
  Stored,
  StoreOptions,
} from "./options.ts";
export { PromptFiles } from "./prompt-files.ts";
export { Store } from "./store.ts";
export { Stores, type StoreRules } from "./stores.ts";
export { writeAll, writeAtOnce } from "./write-all.ts";
