// Who answers a route's requests: a program that somebody else runs, or a pool of our own. A slot
// is a request's turn; in a pool it is also the process that the request is given to.
import { Connections, poolKey, poolSocket, type PoolSpec, type Slot } from "../../runtime/index.ts";
import type { RoomContext } from "../../http/room.ts";
import type { FastCgiOptions } from "./options.ts";
import { whenFree } from "./when-free.ts";

/** A process that still works on a request that was given up: so long, then it is ended. */
const FREE_WAIT_MS = 3000;
/** In steps of 100 ms: what a process takes to be started anew. */
const POOL_TRIES = 20;

export interface Backend {
  /** Connections may serve several requests. */
  readonly keeps: boolean;
  /** How often to connect again where nobody listens. */
  readonly tries: number;
  connectionsOf(slot: Slot): Connections;
  /** The request is over; "left": whoever was to answer may still be at work, or be starting. */
  release(slot: Slot, how: "done" | "left"): void;
}

/** A program at `address`. How much it does at once is its own affair. */
export function backendAt(address: NonNullable<FastCgiOptions["address"]>): Backend {
  const connections = new Connections(address);
  return {
    get keeps() {
      return connections.keeps;
    },
    tries: 0,
    connectionsOf: () => connections,
    release: (slot) => slot.release(),
  };
}

/**
 * The pool of `spec`. Its connections are not kept: the next that is given the process may be in
 * another worker, and would wait for as long as this one keeps it.
 */
export function poolBackend(
  spec: PoolSpec,
  { runFolder, onPoolHangs }: Pick<RoomContext, "runFolder" | "onPoolHangs">,
  freeWaitMs = FREE_WAIT_MS,
): Backend {
  const pool = poolKey(spec);
  const all = Array.from({ length: spec.workers }, (_, index) => {
    const path = poolSocket(runFolder, spec, index);
    return new Connections({ kind: "unix", path });
  });
  // A config that takes this one's place may have more places already: then two share a process.
  const processOf = ({ index }: Slot): number => index % spec.workers;
  const connectionsOf = (slot: Slot): Connections => all[processOf(slot)]!;
  return {
    keeps: false,
    tries: POOL_TRIES,
    connectionsOf,
    release(slot, how) {
      if (how === "done") return slot.release();
      whenFree(connectionsOf(slot), freeWaitMs, {
        onHangs: () => onPoolHangs({ pool, index: processOf(slot) }),
        onFree: () => slot.release(),
      });
    },
  };
}

/** The processes that a route wants to be run; null: none. */
export function poolSpec(options: FastCgiOptions, place: string): PoolSpec | null {
  const { spawn, workers, env, root } = options;
  if (spawn === undefined) return null;
  const [program = "", ...args] = [spawn].flat();
  const name = `${program} of ${place.slice(place.indexOf(" ") + 1)}`;
  return { place, name, command: [program, ...args], workers, cwd: root ?? "/", env };
}
