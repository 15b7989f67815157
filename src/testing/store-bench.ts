// A store over a temporary folder, with doubles for what it needs of those above it.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { systemClock } from "../base/clock.ts";
import { Failure } from "../base/failure.ts";
import { MAIN_OWNER, SharedLocks, sharedLocksMemory } from "../runtime/index.ts";
import {
  blocks,
  Store,
  systemFiles,
  type Account,
  type Draft,
  type FileSystem,
  type OnConflict,
  type Stored,
  type StoreOptions,
} from "../storage/index.ts";
import { openIn, withTemporaryFolder } from "./temporary-folder.ts";

/** Adds up what is taken. */
export class TestAccount implements Account {
  usedBytes = 0;

  async reserve(_folder: string, bytes: number, limit: number): Promise<boolean> {
    if (this.usedBytes + bytes > limit) return false;
    this.usedBytes += bytes;
    return true;
  }

  settle(_folder: string, reserved: number, actual: number): void {
    this.usedBytes += actual - reserved;
  }
}

/** Where notices go that a test looks at. */
export class LogNotes {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];

  debug(): void {
    // Of no interest.
  }

  info(): void {
    // Of no interest.
  }

  warn(message: string): void {
    this.warnings.push(message);
  }

  error(message: string, error?: unknown): void {
    this.errors.push(`${message}: ${String(error)}`);
  }
}

export class StoreBench {
  readonly folder: string;
  readonly account = new TestAccount();
  readonly log = new LogNotes();
  readonly options: StoreOptions;
  /** How often names changed. */
  written = 0;
  store!: Store;

  constructor(folder: string, options: Partial<StoreOptions>) {
    this.folder = folder;
    this.options = {
      folder,
      mode: 0o640,
      durability: "fsync",
      digest: true,
      quotaBytes: null,
      freeBytesMin: 0,
      locks: new SharedLocks(sharedLocksMemory(), MAIN_OWNER),
      account: this.account,
      clock: systemClock,
      log: this.log,
      onWritten: () => (this.written += 1),
      ...options,
    };
  }

  /** A sealed draft of `content`. */
  async sealed(content: string | Uint8Array): Promise<Draft | Failure> {
    const bytes = Buffer.from(content);
    const draft = await this.store.draft(bytes.length);
    if (draft instanceof Failure) return draft;
    const refusal = await draft.write(bytes);
    if (refusal !== null) {
      await draft.drop();
      return refusal;
    }
    const sealed = await draft.seal();
    return sealed instanceof Failure ? sealed : draft;
  }

  /** Stores one file, or the failure. */
  async put(
    name: string,
    content: string | Uint8Array,
    how: OnConflict = "reject",
  ): Promise<Stored | Failure> {
    const outcome = await this.putAll([[name, content]], how);
    return outcome instanceof Failure ? outcome : outcome[0]!;
  }

  /** Stores several together. */
  async putAll(
    files: readonly (readonly [name: string, content: string | Uint8Array])[],
    how: OnConflict = "reject",
  ): Promise<readonly Stored[] | Failure> {
    const drafts: Draft[] = [];
    for (const [, content] of files) {
      const draft = await this.sealed(content);
      if (draft instanceof Failure) {
        for (const one of drafts) await one.drop();
        return draft;
      }
      drafts.push(draft);
    }
    return this.store.place(files.map(([name], index) => ({ draft: drafts[index]!, name, how })));
  }

  /** Names of what can be seen, folders included, sorted. */
  async names(): Promise<string[]> {
    const all = (await readdir(this.folder, { recursive: true })).toSorted();
    return all.filter((name) => !name.startsWith(".portico-"));
  }

  /** What the server keeps for itself: drafts and journals. */
  async left(): Promise<string[]> {
    const all = await readdir(this.folder, { withFileTypes: true });
    const own = all.filter((entry) => entry.isFile() && entry.name.startsWith(".portico-"));
    return own.map(({ name }) => name);
  }

  /** Descriptors of this process that lead into the folder, but for the store's own. */
  descriptors(): string[] {
    return openIn(this.folder);
  }
}

/** Lends a store; nothing of it is left open behind that. */
export async function withStore(
  use: (bench: StoreBench) => Promise<void>,
  options: Partial<StoreOptions> = {},
  system: FileSystem = systemFiles,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const bench = new StoreBench(folder, options);
    bench.store = await Store.open(bench.options, system);
    await use(bench);
    await bench.store.close();
    assert.deepEqual(await bench.left(), [], "no draft is left");
    assert.deepEqual(bench.descriptors(), [], "nothing is left open");
    assert.equal(blocks.taken, 0, "all blocks are back");
  });
}
