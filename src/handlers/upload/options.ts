import {
  flag,
  list,
  oneOf,
  optional,
  path,
  size,
  table,
  text,
  type Infer,
} from "../../config/index.ts";
import { onStored } from "../../runtime/index.ts";
import { acceptComplaint } from "./accept.ts";
import { images } from "./pictures/index.ts";

const accepted = text({
  doc: "A media type, or all of one kind: `image/*` means bitmap images, SVG has to be named.",
  check: acceptComplaint,
  example: "image/*",
});

export const options = table({
  to: path({
    doc: "The folder that uploads are stored in. Made when it is missing.",
    kind: "folder",
    exists: false,
    example: "uploads",
  }),
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
  accept: list(accepted, {
    doc: "What is taken, by the files' bytes; anything else is 415. Left out: anything.",
    fallback: [],
    example: ["image/*", "application/json"],
  }),
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
  quota: optional(
    size({ doc: "What the folder may hold in all; beyond it 507.", min: 1, example: "10 GiB" }),
  ),
  freeBytes: size({
    doc: "What is left free on the disk; an upload that would go below it is 507.",
    fallback: "64 MiB",
  }),
  durability: oneOf(["fsync", "none"], {
    doc: "`fsync`: the answer says that the bytes are on the disk. `none`: for comparing speeds.",
    fallback: "fsync",
  }),
  digest: flag({ doc: "Make and keep the SHA-256 of what is stored.", fallback: true }),
  images,
  onStored,
  mode: text({
    doc: "The files' mode, in octal. Nothing that was uploaded may be run.",
    check: modeComplaint,
    fallback: "0640",
  }),
});

export type UploadOptions = Infer<typeof options>;

function modeComplaint(mode: string): string | null {
  if (!/^0?[0-7]{3}$/.test(mode)) return 'a mode is three octal digits, such as "0640"';
  const bits = Number.parseInt(mode, 8);
  if ((bits & 0o111) !== 0) return "what was uploaded is never to be run: no x in its mode";
  return (bits & 0o600) === 0o600 ? null : "the server has to read and write its files: 06xx";
}
