// The folder in which a server stores what is uploaded: what is in it, and away with that.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";

export interface Store {
  /** For uploads as fast as they come. */
  readonly quick: string;
  /** For uploads that are on the disk when they are answered, and hashed. */
  readonly durable: string;
}

/** The store below `folder`, which is made. */
export function storeIn(folder: string): Store {
  const store = {
    quick: path.join(folder, "store/quick"),
    durable: path.join(folder, "store/durable"),
  };
  for (const place of Object.values(store)) mkdirSync(place, { recursive: true });
  return store;
}

/** Whether a file of `store` has `content`, under whatever name. */
export function holds(store: Store, content: Buffer): boolean {
  return filesOf(store).some(
    (file) => statSync(file).size === content.length && readFileSync(file).equals(content),
  );
}

/** Removes what was uploaded. What servers keep under dot names is theirs. */
export function empty(store: Store): void {
  for (const file of filesOf(store)) rmSync(file);
}

function filesOf(store: Store): string[] {
  return Object.values(store).flatMap((folder: string) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map(({ name }) => path.join(folder, name)),
  );
}
