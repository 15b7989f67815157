export { descriptorLimit, openFilesMaxUnder } from "./descriptor-limit.ts";
export { STORAGE_FAILURES } from "./failures.ts";
export { systemFiles, type FileSystem } from "./file-system.ts";
export { FolderLister, LISTED_MAX, type ListedEntry } from "./list-folder.ts";
export { isInside, type Lookup, type Root } from "./open-below.ts";
export { FolderEntry, OpenFile, readSlice } from "./open-file.ts";
export { OpenFileCache, type OpenFileCacheOptions } from "./open-file-cache.ts";
export { STRETCH_BYTES } from "./warmth.ts";
export { segmentsOf } from "./segments.ts";
export { Spool, Spools, type SpoolsOptions } from "./spool.ts";
export {
  blocks,
  safeName,
  slabs,
  Store,
  Stores,
  type Account,
  type BlockPool,
  type Condition,
  type Draft,
  type Locks,
  type OnConflict,
  type Placing,
  type Sealed,
  type Stored,
  type StoreOptions,
  type StoreRules,
} from "./write/index.ts";
