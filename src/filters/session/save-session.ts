import type { SaveOutcome, SessionChanges, SessionStore } from "../../runtime/index.ts";

/** Where `changes` belong. */
export interface SaveTarget {
  /** What the store knows the session by; null: it has none yet. */
  readonly id: string | null;
  /** What it is known by from now on; null: as before. One of the two is there. */
  readonly newId: string | null;
}

/** Keeps `changes`, in one step of the store. */
export async function saveSession(
  store: SessionStore,
  { id, newId }: SaveTarget,
  changes: SessionChanges,
): Promise<SaveOutcome> {
  if (id === null) return store.create(newId!, changes);
  if (newId === null) {
    const outcome = await store.save(id, changes);
    const isGone =
      outcome === "gone" && [...changes.values.values()].every((text) => text === null);
    return isGone ? "saved" : outcome; // what was to go is gone
  }
  const outcome = await store.rename(id, newId, changes);
  // Who logs in is somebody, whatever became of the session before; what it held ended with it.
  if (outcome === "gone" && typeof changes.user === "string") return store.create(newId, changes);
  return outcome;
}
