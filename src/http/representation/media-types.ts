// Media types by the end of a file's name, from mime-db; text says that it is UTF-8.
import { createRequire } from "node:module";

const UNKNOWN = "application/octet-stream";

/** Where several types claim an ending: the registered and the common ones first. */
const SOURCES = ["nginx", "apache", undefined, "iana"];

/** Endings that people serve for something else than the database's first claim. */
const OWN: Readonly<Record<string, string>> = {
  ts: "text/plain", // sources, far more often than MPEG transport streams
  mts: "text/plain",
  tsx: "text/plain",
  jsx: "text/plain",
  log: "text/plain",
  md: "text/markdown",
  js: "text/javascript",
  mjs: "text/javascript",
  cjs: "text/javascript",
  mp4: "video/mp4",
  m4a: "audio/mp4",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  ogg: "audio/ogg",
  xml: "application/xml", // a document says itself how it is encoded (RFC 7303 §3)
  tgz: "application/gzip",
  zst: "application/zstd",
  rtf: "application/rtf",
  ico: "image/x-icon",
};

let table: Map<string, string> | null = null;

/** The media type for a file of that name or path, with its charset where it is text. */
export function mediaTypeOf(name: string): string {
  // Made at the first use: programs that serve nothing need not wait for it.
  table ??= typeTable();
  const dot = name.lastIndexOf(".");
  if (dot < 0 || dot < name.lastIndexOf("/")) return UNKNOWN;
  return table.get(name.slice(dot + 1).toLowerCase()) ?? UNKNOWN;
}

/** What a type's files are mostly called, where the database's first ending is not it. */
const OWN_ENDINGS: Readonly<Record<string, string>> = {
  "image/jpeg": ".jpg",
  "text/plain": ".txt",
  "text/javascript": ".js",
  "application/xml": ".xml",
  "audio/mpeg": ".mp3",
  "audio/mp4": ".m4a",
  "audio/ogg": ".ogg",
  "audio/wav": ".wav",
  "video/mp4": ".mp4",
  "video/quicktime": ".mov",
  "image/tiff": ".tif",
  "image/svg+xml": ".svg",
  "application/octet-stream": ".bin",
};

/** The ending of a file of that media type, with its dot; ".bin" where the type has none. */
export function extensionOf(type: string): string {
  const essence = type.replace(/;.*$/s, "").trim().toLowerCase();
  const own = OWN_ENDINGS[essence];
  if (own !== undefined) return own;
  const database = createRequire(import.meta.url)("mime-db") as Record<string, KnownType>;
  const known = Object.hasOwn(database, essence) ? database[essence]!.extensions?.[0] : undefined;
  return `.${known ?? "bin"}`;
}

interface KnownType {
  readonly source?: string;
  readonly extensions?: readonly string[];
}

function typeTable(): Map<string, string> {
  const database = createRequire(import.meta.url)("mime-db") as Record<string, KnownType>;
  const types = new Map<string, string>();
  const ranks = new Map<string, number>();
  for (const [type, { source, extensions = [] }] of Object.entries(database)) {
    const rank = SOURCES.indexOf(source);
    for (const extension of extensions) {
      if (rank < (ranks.get(extension) ?? -1)) continue;
      ranks.set(extension, rank);
      types.set(extension, withCharset(type));
    }
  }
  for (const [extension, type] of Object.entries(OWN)) types.set(extension, withCharset(type));
  return types;
}

function withCharset(type: string): string {
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}
