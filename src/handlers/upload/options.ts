import { flag, oneOf, optional, size, table, type Infer } from "../../config/index.ts";
import { folderKeys } from "../../http/incoming/index.ts";
import { onStored } from "../../runtime/index.ts";
import { images } from "./pictures/index.ts";

export const options = table({
  to: folderKeys.to,
  fileBytes: optional(
    size({
      doc: "What a file may have at most; beyond it 413. Takes the place of `limits.bodyBytes`.",
      min: 1,
      example: "100 MiB",
    }),
  ),
  formBytes: optional(
    size({
      doc: "What a form may have at most, all of it. Left out: room for ten files of `fileBytes`.",
      min: 1,
      example: "500 MiB",
    }),
  ),
  fieldBytes: size({
    doc: "What the fields of a form that are no files may have, all together; beyond it 413.",
    min: 1,
    max: "64 MiB",
    fallback: "1 MiB",
  }),
  accept: folderKeys.accept,
  onConflict: oneOf(["rename", "replace", "reject", "same"], {
    doc:
      "Where there is a file of that name: `rename` finds the next free name, `replace` takes " +
      "its place, `reject` is 409, `same` is 409 unless the bytes are equal. PUT, which names " +
      "the file itself, replaces it under `rename`.",
    fallback: "rename",
  }),
  serve: flag({ doc: "Answer GET and HEAD with what was uploaded.", fallback: false }),
  remove: flag({ doc: "Take DELETE.", fallback: false }),
  page: flag({ doc: "Show browsers a page with a form at the route's own path.", fallback: false }),
  quota: folderKeys.quota,
  freeBytes: folderKeys.freeBytes,
  durability: folderKeys.durability,
  digest: flag({ doc: "Make and keep the SHA-256 of what is stored.", fallback: true }),
  images,
  onStored,
  mode: folderKeys.mode,
});

export type UploadOptions = Infer<typeof options>;
