import type { SessionStore, StoredSession } from "../../runtime/index.ts";

/** A session as the store has it, and what it is known by there. */
export interface FoundSession {
  readonly id: string;
  readonly stored: StoredSession;
}

type Found = FoundSession | null;

/**
 * The first of `ids` that the store knows: one that it does not know is nobody's, and never becomes
 * anybody's. At once, where the store answers at once.
 */
export function findSession(store: SessionStore, ids: readonly string[]): Found | Promise<Found> {
  for (const [at, id] of ids.entries()) {
    const stored = store.load(id);
    if (stored instanceof Promise) return findLater(store, ids.slice(at), stored);
    if (stored !== null) return { id, stored };
  }
  return null;
}

async function findLater(
  store: SessionStore,
  [id, ...others]: readonly string[],
  loading: Promise<StoredSession | null>,
): Promise<Found> {
  const stored = await loading;
  return stored === null ? findSession(store, others) : { id: id!, stored };
}
