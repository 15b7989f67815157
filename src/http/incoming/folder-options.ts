// What a config says of a folder that strangers' files are stored in, wherever it says so: the keys
// mean the same on every route.
import { list, oneOf, optional, path, size, text } from "../../config/index.ts";
import type { StoreRules } from "../../storage/index.ts";
import { acceptComplaint } from "./accept.ts";

const accepted = text({
  doc: "A media type, or all of one kind: `image/*` means bitmap images, SVG has to be named.",
  check: acceptComplaint,
  example: "image/*",
});

/** Keys of a table, each by itself: a room says which it has, and in which order. */
export const folderKeys = {
  to: path({
    doc: "The folder that uploads are stored in. Made when it is missing.",
    kind: "folder",
    exists: false,
    example: "uploads",
  }),
  accept: list(accepted, {
    doc: "What is taken, by the files' bytes; anything else is 415. Left out: anything.",
    fallback: [],
    example: ["image/*", "application/json"],
  }),
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
  mode: text({
    doc: "The files' mode, in octal. Nothing that was uploaded may be run.",
    check: modeComplaint,
    fallback: "0640",
  }),
};

/** What a config says of such a folder. */
export interface FolderOptions {
  readonly to: string;
  readonly quota?: number | undefined;
  readonly freeBytes: number;
  readonly durability: "fsync" | "none";
  readonly mode: string;
}

/** How a folder with these options is written to. */
export function storeRules(options: FolderOptions, digest: boolean): StoreRules {
  const { to, mode, durability, quota, freeBytes } = options;
  return {
    folder: to,
    mode: Number.parseInt(mode, 8),
    durability,
    digest,
    quotaBytes: quota ?? null,
    freeBytesMin: freeBytes,
  };
}

/** Why a folder is none that can be written to, in words. */
export function folderComplaint(to: string, error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return `uploads can't be stored in ${to}: ${code === "" ? message : code}`;
}

function modeComplaint(mode: string): string | null {
  if (!/^0?[0-7]{3}$/.test(mode)) return 'a mode is three octal digits, such as "0640"';
  const bits = Number.parseInt(mode, 8);
  if ((bits & 0o111) !== 0) return "what was uploaded is never to be run: no x in its mode";
  return (bits & 0o600) === 0o600 ? null : "the server has to read and write its files: 06xx";
}
