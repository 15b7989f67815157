// The files of module graphs as they were when they were loaded.

/** What a file was: when it was looked at, and what it said. */
export interface Source {
  readonly stamp: string;
  /** As Node names it: "module-typescript", "commonjs", "json". */
  readonly format: string;
  readonly text: string | Uint8Array;
}

/** By file: what another thread loads in place of what lies on disk by now. */
export type Sources = ReadonlyMap<string, Source>;

/** A file in one generation. */
export interface LoadedFile {
  readonly file: string;
  readonly stamp: string;
  /** Null: it is a package's, or too large to be kept. */
  readonly source: Source | null;
  /** What it imports, by marked URLs. */
  readonly imports: Set<string>;
}

const SOURCE_BYTES_MAX = 1024 * 1024;

/** What is to be kept of a file that was loaded; null: nothing. */
export function sourceOf(
  stamp: string,
  format: string | null | undefined,
  text: string | ArrayBufferView | ArrayBuffer | SharedArrayBuffer | null | undefined,
): Source | null {
  if (typeof format !== "string" || text === null || text === undefined) return null;
  if (typeof text === "string") {
    return text.length > SOURCE_BYTES_MAX ? null : { stamp, format, text };
  }
  if (text.byteLength > SOURCE_BYTES_MAX) return null;
  // A copy: what Node handed over may be a part of a pool.
  const bytes = ArrayBuffer.isView(text)
    ? new Uint8Array(text.buffer, text.byteOffset, text.byteLength)
    : new Uint8Array(text);
  return { stamp, format, text: bytes.slice() };
}

/** Of a package: kept as long as no package changes. */
export function isPackaged(file: string): boolean {
  return file.includes("/node_modules/");
}
