// The folder for durable state belongs to one server at a time. What says so is a lock of the
// kernel on a file in it: it goes when its process does, however that ends, and no file that was
// left behind or process id that was given away again can be taken for it. Node has no call for
// such locks, but SQLite takes one for an exclusive transaction: the lock file is a database that
// stays empty. Who holds it is written beside it, for people.
import { chmod, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeFolders } from "./make-folders.ts";

// Hidden, so that HTTP never opens it where the folder lies below one that is served: a process
// that closes any descriptor of a file loses all its locks on it (fcntl(2)).
const LOCK_FILE = ".portico.lock";
const HOLDER_FILE = "portico.pid";
const OPEN_TO_OTHERS = 0o077;
const SQLITE_BUSY = 5;

/** A claimed folder. */
export interface DataFolder {
  readonly path: string;
  /** Gives the claim back; the second time it does nothing. */
  release(): Promise<void>;
}

/** Why a folder is not to be had, in words that say what to do. */
export class ClaimRefused {
  readonly message: string;
  /** Another server has it. */
  readonly inUse: boolean;

  constructor(message: string, inUse = false) {
    this.message = message;
    this.inUse = inUse;
  }
}

/**
 * Makes `path` where it is missing, for this user alone (0700), and claims it for this process.
 */
export async function claimDataFolder(path: string): Promise<DataFolder | ClaimRefused> {
  const folder = resolve(path);
  try {
    const refusal = await prepare(folder);
    if (refusal !== null) return new ClaimRefused(refusal);
    const lock = await takeLock(join(folder, LOCK_FILE));
    if (lock === null) return new ClaimRefused(inUse(folder, await holderOf(folder)), true);
    await writeFile(join(folder, HOLDER_FILE), `${process.pid}\n`, { mode: 0o600 });
    return new ClaimedFolder(folder, lock);
  } catch (error) {
    return new ClaimRefused(inWords(folder, error as NodeJS.ErrnoException));
  }
}

interface Lock {
  close(): void;
}

class ClaimedFolder implements DataFolder {
  readonly path: string;
  #lock: Lock | null;

  constructor(path: string, lock: Lock) {
    this.path = path;
    this.#lock = lock;
  }

  async release(): Promise<void> {
    const lock = this.#lock;
    this.#lock = null;
    if (lock === null) return;
    await rm(join(this.path, HOLDER_FILE), { force: true });
    lock.close();
  }
}

/** Null once the folder is there and nobody else's to look into; else why it is not taken. */
async function prepare(folder: string): Promise<string | null> {
  makeFolders(folder, 0o700);
  const found = await stat(folder);
  if (!found.isDirectory()) return `the data folder ${folder} is a file: name a folder.`;
  if ((found.mode & OPEN_TO_OTHERS) === 0) return null;
  const names = await readdir(folder);
  // Closing a folder that others use, such as /var/lib, would break what they do in it.
  if (names.length > 0 && !names.includes(LOCK_FILE)) {
    return (
      `the data folder ${folder} holds other files and is open to other users. ` +
      `Name a folder of its own, or close it: chmod 700 ${folder}`
    );
  }
  await chmod(folder, 0o700);
  return null;
}

/** Null when another process, or another server in this one, has it. */
async function takeLock(file: string): Promise<Lock | null> {
  await makeForUs(file);
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE"); // else a journal's file, too
    return database;
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
}

/** SQLite would make it readable for others. */
async function makeForUs(file: string): Promise<void> {
  try {
    await (await open(file, "wx", 0o600)).close();
  } catch (error) {
    // One that is there is not touched: to close it would give away a lock that this process has.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

async function holderOf(folder: string): Promise<string> {
  try {
    return (await readFile(join(folder, HOLDER_FILE), "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return ""; // it is just starting
    throw error;
  }
}

function inUse(folder: string, pid: string): string {
  const who = pid === "" ? "another server" : `another server (process ${pid})`;
  return `the data folder ${folder} is in use by ${who}. Stop it, or name another \`data\` folder.`;
}

function inWords(folder: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "EACCES":
    case "EPERM":
      return `the data folder ${folder} may not be used by this user: ${error.message}`;
    case "EROFS":
      return `the data folder ${folder} is on a file system that is read-only.`;
    default:
      return `the data folder ${folder} cannot be used: ${error.message}`;
  }
}
