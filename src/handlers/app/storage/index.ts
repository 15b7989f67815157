export { takeFileBody } from "./file-body.ts";
export type { FoundFile } from "./found-file.ts";
export { prepareStorage, storage, type StorageOptions } from "./options.ts";
export type { Source } from "./source.ts";
export {
  missingStorage,
  storageOf,
  type ListedFile,
  type PutOptions,
  type Storage,
  type StoredFile,
} from "./storage.ts";
