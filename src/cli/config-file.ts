// The config that a command works on: the file of `-c`, else ./portico.toml where there is one.
import { lstat, readFile } from "node:fs/promises";
import { printable, renderProblems, type Problem } from "../config/index.ts";
import { importModule, readServerConfig, type LoadedConfig } from "../server/index.ts";

export const DEFAULT_FILE = "portico.toml";

/**
 * Whether something is called ./portico.toml. What can't be read by that name (a link that leads
 * nowhere, a folder) was still meant as the config: it is no leave to serve the whole folder.
 */
export async function defaultFileExists(): Promise<boolean> {
  try {
    await lstat(DEFAULT_FILE);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}

/** The config in `file`, all that is wrong with it, or in words why it can't be read. */
export function loadFile(file: string): Promise<LoadedConfig | Problem[] | string> {
  return withText(file, (text) => readServerConfig(text, file, importModule));
}

/** What `use` makes of the text in `file`, or in words why it can't be read. */
export async function withText<T>(
  file: string,
  use: (text: string) => T | Promise<T>,
): Promise<T | string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return unreadable(file, error as NodeJS.ErrnoException);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return await use(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_ENCODING_INVALID_ENCODED_DATA") throw error;
    return `${file} is not text in UTF-8, so it is no config`;
  }
}

/** What went wrong, for people: problems with their lines, or the sentence, and a line feed. */
export function renderBadConfig(bad: Problem[] | string, color: boolean): string {
  if (typeof bad === "string") return `portico: ${printable(bad)}\n`;
  const count = bad.length === 1 ? "1 problem" : `${bad.length} problems`;
  return `${renderProblems(bad, { color })}\n${count} in ${printable(bad[0]!.file)}\n`;
}

async function unreadable(file: string, error: NodeJS.ErrnoException): Promise<string> {
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      if (await isLink(file)) return `the config file ${file} is a link that leads nowhere`;
      return `there is no config file ${file}`;
    case "EISDIR":
      return `${file} is a folder, not a config file; \`portico serve ${file}\` serves a folder`;
    case "EACCES":
    case "EPERM":
      return `the config file ${file} may not be read by this user`;
    case "ENAMETOOLONG":
    case "ELOOP":
    case "ERR_FS_FILE_TOO_LARGE":
    case "EIO":
    case "ENXIO":
      return `the config file ${file} can't be read (${error.code})`;
    default:
      throw error;
  }
}

async function isLink(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isSymbolicLink();
  } catch {
    return false; // not even a link
  }
}
