export { INCOMING_FAILURES } from "./failures.ts";
export { folderComplaint, folderKeys, storeRules, type FolderOptions } from "./folder-options.ts";
export { FormReader, type FormStep } from "./form-reader.ts";
export {
  IncomingFile,
  type CompleteFile,
  type FileFacts,
  type FileRules,
} from "./incoming-file.ts";
export { freshName, mendedName } from "./names.ts";
export { replyWithStored } from "./stored-replies.ts";
