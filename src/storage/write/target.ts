// Where a file is to be: its name, in a folder that is found step by step below the root. No step
// goes through a link, so that nothing is written outside.
import { Failure } from "../../base/failure.ts";
import type { StorageFailureCode } from "../failures.ts";
import type { FileSystem } from "../file-system.ts";
import type { Folder } from "./folder.ts";
import { namesOf, type NameRule } from "./names.ts";

export interface Target {
  readonly folder: Folder;
  /** The names of the folders on the way. */
  readonly parents: readonly string[];
  /** The file's own name. */
  readonly leaf: string;
}

/** Folders on the way to targets: opened once each, until `close`. */
export class Targets {
  readonly #root: Folder;
  readonly #isDurable: boolean;
  readonly #folderMode: number;
  readonly #system: FileSystem;
  readonly #open = new Map<string, Folder>();
  readonly #made: { parent: Folder; name: string }[] = [];

  /** `fileMode`: who may read files that are made may enter folders that are made for them. */
  constructor(root: Folder, fileMode: number, isDurable: boolean, system: FileSystem) {
    this.#root = root;
    this.#isDurable = isDurable;
    this.#folderMode = (fileMode & 0o666) | 0o700 | ((fileMode & 0o444) >> 2);
    this.#system = system;
  }

  /** Opens the folders on the way to `name`. Throws as the system does. */
  async find(
    name: string,
    rule: NameRule,
    how: "make" | "find",
  ): Promise<Target | Failure<StorageFailureCode>> {
    const names = namesOf(name, rule);
    if (names instanceof Failure) return names;
    const leaf = names.pop()!;
    return { folder: await this.#enter(names, how), parents: names, leaf };
  }

  /** Takes away the folders that were made and hold nothing. */
  async unmake(): Promise<void> {
    for (const { parent, name } of this.#made.toReversed()) {
      // Where something came into it meanwhile it stays.
      await this.#system.rmdir(parent.at(name)).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    for (const folder of this.#open.values()) await folder.close();
    this.#open.clear();
  }

  async #enter(names: readonly string[], how: "make" | "find"): Promise<Folder> {
    let folder = this.#root;
    for (const [index, name] of names.entries()) {
      const key = names.slice(0, index + 1).join("/");
      const known = this.#open.get(key);
      const next = known ?? (await this.#step(folder, name, how));
      this.#open.set(key, next);
      folder = next;
    }
    return folder;
  }

  #step(parent: Folder, name: string, how: "make" | "find"): Promise<Folder> {
    if (how === "find") return parent.enter(name);
    return parent.make(name, this.#folderMode, this.#isDurable, () => {
      this.#made.push({ parent, name });
    });
  }
}
