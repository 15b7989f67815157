// The terms on which a graph is imported: by the name that Node has for its file, and not for ever.
import { realpathSync } from "node:fs";
import type { Sources } from "./loaded-file.ts";
import { ModuleFailed } from "./module-failed.ts";

/** As Node names modules: links are followed. */
export function realFile(file: string, sources: Sources): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if (sources.has(file)) return file;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `it can't be read (${code})`;
    throw new ModuleFailed(file, null, why, error);
  }
}

/** Rejects with a ModuleFailed where `loading` takes longer than `ms`. */
export async function within<T>(loading: Promise<T>, ms: number, file: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const why = `its top level has not ended within ${ms / 1000} s`;
  const timer = setTimeout(() => late.reject(new ModuleFailed(file, null, why)), ms);
  try {
    return await Promise.race([loading, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
