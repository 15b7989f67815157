// What a client says that it sends, beside what its bytes show, and whether that is taken.
import { mediaTypeOf } from "./media-type-of.ts";
import { ALIASES, BITMAPS, BRANDS, EBML_KINDS, OTHER_BRAND, SIGNATURES } from "./signatures.ts";

const UNKNOWN = "application/octet-stream";
/** Declared as one of these, it must show by its bytes. */
const SHOWN: ReadonlySet<string> = new Set([
  ...SIGNATURES.map(({ type }) => type),
  ...Object.values(BRANDS),
  ...Object.values(EBML_KINDS),
  OTHER_BRAND,
  "image/svg+xml",
]);
/** Formats of which many others are made: documents, books, programs. */
const CONTAINERS: ReadonlySet<string> = new Set(["application/zip", "application/gzip"]);
const TEXTS: ReadonlySet<string> = new Set([
  "text/plain",
  "text/html",
  "text/xml",
  "image/svg+xml",
]);
const WRITTEN = /^text\/|^application\/(?:x-)?(?:javascript|xml|yaml|toml|sql)$|\+(?:xml|yaml)$/u;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?(?:json|x-ndjson)$/u;

/**
 * The type of something that was declared as `declared` and begins with `first` (mediaTypeOf says
 * how much of it): what the bytes show, or, where they say less than was declared, that. Null where
 * they are something else.
 */
export function agreedType(declared: string | null, first: Uint8Array): string | null {
  const shown = mediaTypeOf(first);
  const wanted = essenceOf(declared ?? "");
  if (wanted === "" || wanted === UNKNOWN) return shown ?? UNKNOWN;
  if (SHOWN.has(wanted)) return agrees(wanted, shown) ? wanted : null;
  if (first.length === 0) return wanted;
  if (JSON_TYPE.test(wanted)) return shown === "text/plain" ? wanted : null;
  if (WRITTEN.test(wanted)) return shown !== null && TEXTS.has(shown) ? wanted : null;
  const saysLess = shown === null || shown === "text/plain" || CONTAINERS.has(shown);
  return saysLess ? wanted : shown;
}

/** One box format has three names, and a film without pictures is a song. */
function agrees(wanted: string, shown: string | null): boolean {
  if (wanted === shown) return true;
  const boxes = ["video/mp4", "audio/mp4", "video/quicktime"];
  return shown !== null && boxes.includes(wanted) && boxes.includes(shown);
}

/**
 * Whether `type` is among `patterns`: `image/png`, `text/*`. `image/*` is bitmaps only, known by
 * their bytes: a drawing (SVG) may have scripts, and must be named.
 */
export function matchesAccept(type: string, patterns: readonly string[]): boolean {
  const essence = essenceOf(type);
  return patterns.some((pattern) => {
    const wanted = essenceOf(pattern);
    if (wanted === "*/*" || wanted === essence) return true;
    if (wanted === "image/*") return BITMAPS.has(essence);
    return wanted.endsWith("/*") && essence.startsWith(wanted.slice(0, -1));
  });
}

/** Without parameters, in lower case, by its usual name. */
function essenceOf(type: string): string {
  const essence = type.split(";", 1)[0]!.trim().toLowerCase();
  return ALIASES[essence] ?? essence;
}
