// The main thread's part: it makes the memory, says how many slots there are, and frees what a
// thread had that is gone.
import { SlotBoard, slotMemory, type SlotMemory } from "./slot-board.ts";
import type { SlotBounds } from "./slots.ts";

const MAIN_THREAD = 0;
const RETRY_MS = 5;

/** By the place that they are for, in a form that is handed to workers. */
export type SlotMemories = ReadonlyMap<string, SlotMemory>;

interface Table {
  readonly memory: SlotMemory;
  readonly board: SlotBoard;
}

export class SlotTables {
  // What a place had once it has for ever: requests that began under another config may hold some.
  readonly #tables = new Map<string, Table>();

  #next: ReadonlyMap<string, SlotBounds> = new Map();

  /**
   * What workers are handed so that `bounds` can hold. A place that is known keeps what it has, and
   * its bounds until `adopt`.
   */
  prepare(bounds: ReadonlyMap<string, SlotBounds>): SlotMemories {
    this.#next = bounds;
    const memories = new Map<string, SlotMemory>();
    for (const [place, bound] of bounds) memories.set(place, this.#tableOf(place, bound).memory);
    return memories;
  }

  /** From now on what was prepared last holds. */
  adopt(): void {
    for (const [place, bound] of this.#next) {
      const { board } = this.#tableOf(place, bound);
      board.setBounds(bound.limit, bound.queueMax);
      insist(() => board.tend());
    }
  }

  /** Thread `threadId` has ended: what it had, and waited for, is others'. */
  ownerGone(threadId: number): void {
    for (const { board } of this.#tables.values()) insist(() => board.forget(threadId));
  }

  #tableOf(place: string, { limit, queueMax }: SlotBounds): Table {
    const known = this.#tables.get(place);
    if (known !== undefined) return known;
    const memory = slotMemory();
    const table = { memory, board: new SlotBoard(memory, MAIN_THREAD) };
    table.board.setBounds(limit, queueMax);
    this.#tables.set(place, table);
    return table;
  }
}

/** Now, or when whoever stands in the way has gone on, or is known to be gone. */
function insist(tryIt: () => boolean): void {
  if (!tryIt()) setTimeout(insist, RETRY_MS, tryIt).unref();
}
