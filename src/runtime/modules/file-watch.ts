// Tells when one of some files is saved. Their folders are watched, not they: an editor that puts
// a new file in the old one's place would leave a watch of the old one behind.
import { watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";

// Saving several files, or one in several steps, is one change.
const SETTLE_MS = 100;
const CODE = /\.(?:[cm]?[jt]s|json|toml)$/;

export class FileWatch {
  readonly #onChange: () => void;
  readonly #folders = new Map<string, FSWatcher>();
  #names: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #takesAny = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches `files` from now on, and no others. `any`: whatever is code in their folders, as what
   * did not load may be mended by a file that nobody knew.
   */
  look(files: Iterable<string>, { any = false } = {}): void {
    const names = new Map<string, Set<string>>();
    for (const file of files) {
      const folder = dirname(file);
      const known = names.get(folder) ?? new Set<string>();
      names.set(folder, known.add(basename(file)));
    }
    this.#names = names;
    this.#takesAny = any;
    for (const [folder, watcher] of this.#folders) {
      if (names.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of names.keys()) if (!this.#folders.has(folder)) this.#open(folder);
  }

  close(): void {
    this.look([]);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #open(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => this.#onEvent(folder, name));
      // A folder that went away: the next look tries again.
      watcher.on("error", () => this.#folders.delete(folder));
      this.#folders.set(folder, watcher.unref());
    } catch {
      // Nor can it be watched now.
    }
  }

  #onEvent(folder: string, name: string | null): void {
    const isMeant =
      name === null ||
      this.#names.get(folder)?.has(name) === true ||
      (this.#takesAny && CODE.test(name));
    if (!isMeant) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#onChange();
    }, SETTLE_MS);
  }
}
