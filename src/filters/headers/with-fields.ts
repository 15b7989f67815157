import type { FieldList } from "../../base/failure.ts";

/**
 * `own` with `given` in place of the fields of the same names. A `Vary` is joined instead: what the
 * handler chose by must stay said, else caches hand one client what was made for another.
 */
export function withFields(own: FieldList, given: FieldList): FieldList {
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  names.delete("vary");
  const kept = own.filter(([name]) => !names.has(name.toLowerCase()));
  return [...kept, ...given];
}
