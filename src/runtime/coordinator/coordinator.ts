// Who holds what, for all workers of a server: the one place that decides, on the main thread. A
// lease is a name that one may hold, a slot one of several places under a name; both are granted in
// the order in which they were asked for. It has no clock: who waits gives up by itself.
import type { FromCoordinator, Leave, Take, ToCoordinator } from "./messages.ts";

export type PostToOwner = (owner: number, message: FromCoordinator) => void;

/** What goes by one name: who is in, and who waits for it. */
interface Pool {
  readonly name: string;
  limit: number;
  readonly holders: Set<Place>;
  // Sets keep the order, and let anybody leave from the middle.
  readonly queue: Set<Place>;
}

interface Place {
  readonly owner: number;
  readonly id: number;
  readonly pool: Pool;
}

export class Coordinator {
  readonly #post: PostToOwner;
  readonly #pools = new Map<string, Pool>();
  readonly #placesOf = new Map<number, Map<number, Place>>();
  #fence = 0;

  constructor(post: PostToOwner) {
    this.#post = post;
  }

  /** Names that somebody holds. Those that nobody does take no memory. */
  get names(): number {
    return this.#pools.size;
  }

  /** Lets `owner` ask. Its number is its own for ever, as a thread's id: no successor gets it. */
  ownerCame(owner: number): void {
    if (!this.#placesOf.has(owner)) this.#placesOf.set(owner, new Map());
  }

  /** Frees all that `owner` holds and waits for. What still comes from it does nothing. */
  ownerGone(owner: number): void {
    const places = this.#placesOf.get(owner);
    if (places === undefined) return;
    this.#placesOf.delete(owner);
    // All of them before anybody is served: the next in line may be its own, too.
    const touched = new Set<Pool>();
    for (const place of places.values()) {
      place.pool.holders.delete(place);
      place.pool.queue.delete(place);
      touched.add(place.pool);
    }
    for (const pool of touched) this.#serve(pool);
  }

  receive(owner: number, message: ToCoordinator): void {
    const places = this.#placesOf.get(owner);
    if (places === undefined) return; // sent before it died
    if (message.kind === "take") this.#take(owner, places, message);
    else this.#leave(places, message);
  }

  #take(owner: number, places: Map<number, Place>, { id, waits, queueMax, ...wish }: Take): void {
    const pool = this.#poolOf(wish.name);
    pool.limit = wish.limit;
    this.#serve(pool, false); // a limit that was raised lets in who waited before
    const isFree = pool.holders.size < pool.limit; // and so nobody waits any more
    if (isFree || (waits && pool.queue.size < queueMax)) {
      const place = { owner, id, pool };
      places.set(id, place);
      pool.queue.add(place);
    } else {
      this.#post(owner, { kind: "denied", id, why: waits ? "full" : "late" });
    }
    this.#serve(pool);
  }

  #leave(places: Map<number, Place>, { id }: Leave): void {
    const place = places.get(id);
    if (place === undefined) return; // left already
    places.delete(id);
    place.pool.holders.delete(place);
    place.pool.queue.delete(place);
    this.#serve(place.pool);
  }

  /** Lets in who waits as long as there is room; a pool that nobody is in is dropped. */
  #serve(pool: Pool, isDone = true): void {
    for (const place of pool.queue) {
      if (pool.holders.size >= pool.limit) break;
      pool.queue.delete(place);
      pool.holders.add(place);
      this.#fence += 1;
      this.#post(place.owner, { kind: "granted", id: place.id, fence: this.#fence });
    }
    if (isDone && pool.holders.size === 0 && pool.queue.size === 0) this.#pools.delete(pool.name);
  }

  #poolOf(name: string): Pool {
    const known = this.#pools.get(name);
    if (known !== undefined) return known;
    const pool: Pool = { name, limit: 0, holders: new Set(), queue: new Set() };
    this.#pools.set(name, pool);
    return pool;
  }
}
