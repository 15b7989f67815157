// What a session holds, as one text for a row of a database: a JSON list, key, value, key, value.
// Values are JSON texts in it, which nobody takes apart but who asks for them.
import type { SessionChanges } from "./store.ts";

export type SessionValues = ReadonlyMap<string, string>;

export function valuesText(values: SessionValues): string {
  return JSON.stringify([...values].flat());
}

export function valuesOf(text: string): Map<string, string> {
  const flat = JSON.parse(text) as string[];
  const values = new Map<string, string>();
  for (let at = 0; at < flat.length; at += 2) values.set(flat[at]!, flat[at + 1]!);
  return values;
}

export function changed(before: SessionValues, changes: SessionChanges): Map<string, string> {
  const values = new Map(before);
  for (const [key, value] of changes.values) {
    if (value === null) values.delete(key);
    else values.set(key, value);
  }
  return values;
}

/** What it takes of a session's bound, whatever the store. */
export function bytesOf(values: SessionValues, user: string | null): number {
  let bytes = user === null ? 0 : Buffer.byteLength(user);
  for (const [key, value] of values) {
    bytes += Buffer.byteLength(JSON.stringify(key)) + Buffer.byteLength(value);
  }
  return bytes;
}

/** Throws where a user has a name that no store can tell from another. */
export function checkUser(user: string | null | undefined): void {
  if (typeof user !== "string") return;
  if (user.isWellFormed() && !user.includes("\0")) return;
  throw new TypeError("a user's name is well-formed Unicode without NUL");
}
