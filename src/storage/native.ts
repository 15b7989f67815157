// What Node lacks and writing wants, called through koffi, an optional package: extended
// attributes, and SHA-256 in the thread pool, for which see
// docs/decisions/0030-big-pieces-are-hashed-in-the-thread-pool.md. Without it, or on a system that
// is not Linux, the plain ways beside it are taken.
import { createRequire } from "node:module";
import type * as Koffi from "koffi";

/** The OpenSSL that Node is built with. A context is used by one call at a time. */
export interface NativeSha256 {
  create(): unknown;
  update(context: unknown, bytes: Uint8Array): void;
  /** In the thread pool. `bytes` must stay as they are until it resolves. */
  updateInPool(context: unknown, bytes: Uint8Array): Promise<void>;
  /** The digest; the context is gone. */
  finish(context: unknown): Uint8Array;
  free(context: unknown): void;
}

interface Attributes {
  set(path: string, name: string, value: Uint8Array): Promise<number>;
  get(path: string, name: string, value: Uint8Array): Promise<number>;
}

/** Tests close them to run the same cases by the plain ways. */
export const storageWays = { native: true };

const ATTRIBUTE_BYTES_MAX = 1024;

let loaded: { sha256: NativeSha256 | null; attributes: Attributes | null } | undefined;

export function nativeSha256(): NativeSha256 | null {
  return storageWays.native ? (loaded ??= load()).sha256 : null;
}

/** See FileSystem. */
export async function setAttribute(path: string, name: string, value: Uint8Array): Promise<void> {
  const calls = storageWays.native ? (loaded ??= load()).attributes : null;
  if (calls !== null && (await calls.set(path, name, value)) === 0) return;
  throw Object.assign(new Error(`no attribute ${name} for ${path}`), { code: "ENOTSUP" });
}

/** See FileSystem. */
export async function attributeOf(path: string, name: string): Promise<Uint8Array | null> {
  const calls = storageWays.native ? (loaded ??= load()).attributes : null;
  if (calls === null) return null;
  const value = Buffer.alloc(ATTRIBUTE_BYTES_MAX);
  const length = await calls.get(path, name, value);
  return length < 0 ? null : value.subarray(0, length);
}

function load(): NonNullable<typeof loaded> {
  if (process.platform !== "linux") return { sha256: null, attributes: null };
  try {
    const koffi = createRequire(import.meta.url)("koffi") as typeof Koffi;
    const process = koffi.load(null);
    return {
      sha256: orNull(() => sha256In(process)),
      attributes: orNull(() => attributesIn(process)),
    };
  } catch {
    return { sha256: null, attributes: null }; // not installed, or not built for this machine
  }
}

function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null; // a C library, or a Node, without these symbols
  }
}

function sha256In(library: Koffi.LibraryHandle): NativeSha256 {
  const newContext = library.func("void *EVP_MD_CTX_new()");
  const algorithm = library.func("void *EVP_sha256()")() as unknown;
  const init = library.func("int EVP_DigestInit_ex(void *, void *, void *)");
  const update = library.func("int EVP_DigestUpdate(void *, void *, size_t)");
  const final = library.func("int EVP_DigestFinal_ex(void *, void *, void *)");
  const free = library.func("void EVP_MD_CTX_free(void *)");
  return {
    create() {
      const context = newContext() as unknown;
      if (init(context, algorithm, null) !== 1) throw new Error("OpenSSL has no SHA-256");
      return context;
    },
    update(context, bytes) {
      if (update(context, bytes, bytes.length) !== 1) throw new Error("SHA-256 failed");
    },
    updateInPool: (context, bytes) =>
      new Promise((resolve, reject) => {
        update.async(context, bytes, bytes.length, (error: unknown, done: number) => {
          if (error === null && done === 1) resolve();
          else reject(new Error("SHA-256 failed", { cause: error }));
        });
      }),
    finish(context) {
      const digest = Buffer.alloc(32);
      const done = final(context, digest, null) as number;
      free(context);
      if (done !== 1) throw new Error("SHA-256 failed");
      return digest;
    },
    free: (context) => void free(context),
  };
}

// In the pool: a file system may wait for its journal.
function attributesIn(library: Koffi.LibraryHandle): Attributes {
  const set = library.func("int setxattr(str, str, void *, size_t, int)");
  const get = library.func("long getxattr(str, str, void *, size_t)");
  return {
    set: (path, name, value) =>
      new Promise((resolve) => {
        set.async(path, name, value, value.length, 0, (error: unknown, result: number) =>
          resolve(error === null ? result : -1),
        );
      }),
    get: (path, name, value) =>
      new Promise((resolve) => {
        get.async(path, name, value, value.length, (error: unknown, result: number) =>
          resolve(error === null ? result : -1),
        );
      }),
  };
}
