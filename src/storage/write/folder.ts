// A folder that is open. Names in it are asked for through its descriptor, so that a folder or link
// that is swapped in somewhere above leads nobody elsewhere.
import { constants, existsSync } from "node:fs";
import { errnoOf } from "../failures.ts";
import type { FileSystem } from "../file-system.ts";

const FLAGS = constants.O_RDONLY | constants.O_DIRECTORY;
const HAS_DESCRIPTORS = existsSync("/proc/self/fd");

export class Folder {
  readonly fd: number;
  /** Where it was when it was opened, absolute. */
  readonly path: string;
  /** Its device and inode: one for all names that it has. */
  readonly key: string;
  readonly #system: FileSystem;

  private constructor(fd: number, path: string, key: string, system: FileSystem) {
    this.fd = fd;
    this.path = path;
    this.key = key;
    this.#system = system;
  }

  /** Opens the folder at `path`, which may be a link. Fails as the system does. */
  static open(path: string, system: FileSystem): Promise<Folder> {
    return Folder.#open(path, path, 0, system);
  }

  static async #open(at: string, path: string, flags: number, system: FileSystem): Promise<Folder> {
    const fd = await system.open(at, FLAGS | flags);
    try {
      const { dev, ino } = system.fstatSync(fd);
      return new Folder(fd, path, `${dev}:${ino}`, system);
    } catch (error) {
      await system.close(fd);
      throw error;
    }
  }

  /** The path by which the system finds `name` in this folder, wherever it is. */
  at(name: string): string {
    return HAS_DESCRIPTORS ? `/proc/self/fd/${this.fd}/${name}` : `${this.path}/${name}`;
  }

  /** Opens a folder in this one, which may be no link. */
  enter(name: string): Promise<Folder> {
    return Folder.#open(this.at(name), `${this.path}/${name}`, constants.O_NOFOLLOW, this.#system);
  }

  /** As `enter`; makes it where it is missing. `onMade`: it was. */
  async make(name: string, mode: number, isDurable: boolean, onMade?: () => void): Promise<Folder> {
    try {
      return await this.enter(name);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
    }
    try {
      await this.#system.mkdir(this.at(name), mode);
      onMade?.();
      if (isDurable) await this.sync();
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error; // somebody else made it meanwhile
    }
    return this.enter(name);
  }

  /** What was linked, renamed and unlinked in it is on the disk. */
  sync(): Promise<void> {
    return this.#system.fsync(this.fd);
  }

  async close(): Promise<void> {
    await this.#system.close(this.fd).catch(() => undefined); // nothing to lose: it was only read
  }
}
