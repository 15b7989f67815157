// Sessions in one thread's memory, for tests of what uses them: no bounds, nothing expires.
import type { SessionChanges, SessionStore, StoredSession } from "../runtime/index.ts";

export function memorySessions(): SessionStore {
  const kept = new Map<string, StoredSession>();
  const merge = (before: StoredSession, changes: SessionChanges): StoredSession => {
    const values = new Map(before.values);
    for (const [key, value] of changes.values) {
      if (value === null) values.delete(key);
      else values.set(key, value);
    }
    const user = changes.user === undefined ? before.user : changes.user;
    return { ...before, values, user };
  };
  const change = async (id: string, newId: string, changes: SessionChanges) => {
    const before = kept.get(id);
    if (before === undefined) return "gone";
    kept.delete(id);
    kept.set(newId, merge(before, changes));
    return "saved";
  };
  return {
    load: (id) => kept.get(id) ?? null,
    create: async (id, changes) => {
      kept.set(id, merge({ values: new Map(), user: null, createdMs: 0 }, changes));
      return "saved";
    },
    save: (id, changes) => change(id, id, changes),
    rename: change,
    end: async (id) => void kept.delete(id),
  };
}
