// Which devices hold file systems of this machine: there the kernel answers a look at a name. Over
// a network, or where a program answers, it may take for ever.
import type { FileSystem } from "./file-system.ts";

/** statfs(2). What is not named here may have to wait for somebody. */
const LOCAL_KINDS: ReadonlySet<number> = new Set([
  0xef53, // ext2, 3, 4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x2fc12fc1, // zfs
  0xf2f52010, // f2fs
  0xca451a4e, // bcachefs
  0x01021994, // tmpfs
  0x858458f6, // ramfs
  0x794c7630, // overlay: its layers are local, mostly, and it waits for no program
  0x73717368, // squashfs
  0xe0f5e1e2, // erofs
]);

const DEVICES_MAX = 256;

export class LocalDevices {
  readonly #system: FileSystem;
  readonly #known = new Map<bigint, boolean>();

  constructor(system: FileSystem) {
    this.#system = system;
  }

  /** Whether `device`, which `path` is on, is one. */
  async has(device: bigint, path: string): Promise<boolean> {
    const known = this.#known.get(device);
    if (known !== undefined) return known;
    const isLocal = await this.#find(path);
    if (this.#known.size >= DEVICES_MAX) this.#known.clear();
    this.#known.set(device, isLocal);
    return isLocal;
  }

  async #find(path: string): Promise<boolean> {
    try {
      return LOCAL_KINDS.has((await this.#system.kindAt(path)) >>> 0);
    } catch {
      return false; // no statfs here, or the file is gone: waiting is always right
    }
  }
}
