// The room of a store, opened anew where another folder has its name by now: the old one was taken
// away or moved, or something is mounted on it. What is said to be stored would else lie where
// nobody looks for it. A room that was left stays open for as long as somebody uses it.
import type { DraftRoom } from "./draft-room.ts";

export class Rooms {
  readonly #open: () => Promise<DraftRoom>;
  readonly #uses = new Map<DraftRoom, number>();
  #current: DraftRoom;
  #opening: Promise<void> | null = null;

  constructor(first: DraftRoom, open: () => Promise<DraftRoom>) {
    this.#current = first;
    this.#uses.set(first, 0);
    this.#open = open;
  }

  /** The one that is written to now, as far as that was asked. */
  get current(): DraftRoom {
    return this.#current;
  }

  /** The folder that has the name now, to be released. Throws as the system does. */
  async take(): Promise<DraftRoom> {
    const room = this.retain(this.#current);
    try {
      if (await isInPlace(room)) return room;
      this.#opening ??= this.#openAnew().finally(() => (this.#opening = null));
      await this.#opening;
    } catch (error) {
      this.release(room);
      throw error;
    }
    this.release(room);
    return this.retain(this.#current);
  }

  retain(room: DraftRoom): DraftRoom {
    this.#uses.set(room, (this.#uses.get(room) ?? 0) + 1);
    return room;
  }

  release(room: DraftRoom): void {
    const uses = this.#uses.get(room)! - 1;
    this.#uses.set(room, uses);
    if (uses === 0 && room !== this.#current) void this.#close(room);
  }

  /** All of them: nothing is written behind this. */
  async close(): Promise<void> {
    for (const room of this.#uses.keys()) await this.#close(room);
  }

  async #openAnew(): Promise<void> {
    const left = this.#current;
    this.#current = this.retain(await this.#open());
    this.release(this.#current);
    if (this.#uses.get(left) === 0) await this.#close(left);
  }

  async #close(room: DraftRoom): Promise<void> {
    this.#uses.delete(room);
    await room.root.close();
  }
}

/** Whether the folder's name still leads to it. Throws as the system does. */
export async function isInPlace({ root, prompt }: DraftRoom): Promise<boolean> {
  const there = await prompt.lookAt(root.path);
  return there !== undefined && `${there.dev}:${there.ino}` === root.key;
}
