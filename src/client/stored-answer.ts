// What a server says it stored, out of its answer. Everything in it is somebody else's text: what
// has another shape than Portico's answers have is no such answer.
import type { Answer } from "./answer.ts";
import { sha256In } from "./repr-digest.ts";
import { jsonObject } from "./refusal.ts";

export interface StoredFile {
  /** The path that the server names; null when it names none. */
  readonly path: string | null;
  /** SHA-256 of what is stored, in hexadecimal. */
  readonly sha256: string | null;
  /** SHA-256 of what was received, where the server stores something else. */
  readonly receivedSha256: string | null;
}

/** What answers a form: one entry a file, in order. Null when the answer does not say it. */
export function storedByForm({ text }: Answer): StoredFile[] | null {
  const value = jsonObject(text);
  if (value?.["status"] !== "success" || !Array.isArray(value["files"])) return null;
  const files = value["files"].map(storedFileOf);
  return files.every((file) => file !== null) ? files : null;
}

/** What answers a PUT: its fields, or JSON of either shape. */
export function storedByPut({ fields, text }: Answer): StoredFile {
  const value = jsonObject(text);
  const [first] = Array.isArray(value?.["files"]) ? (value["files"] as unknown[]) : [value];
  const told = storedFileOf(first ?? null);
  return {
    path: told?.path ?? textIn(value, "filepath"),
    sha256: sha256In(fields.get("repr-digest")) ?? told?.sha256 ?? null,
    // A 204 has no JSON to say it in.
    receivedSha256: told?.receivedSha256 ?? sha256In(fields.get("x-received-digest")),
  };
}

function storedFileOf(value: unknown): StoredFile | null {
  if (typeof value !== "object" || value === null) return null;
  const entry = value as Record<string, unknown>;
  return {
    path: textIn(entry, "path") ?? textIn(entry, "name"),
    sha256: sha256Of(entry["sha256"]),
    receivedSha256: sha256Of(entry["receivedSha256"]),
  };
}

function textIn(value: Readonly<Record<string, unknown>> | null, key: string): string | null {
  const text = value?.[key];
  return typeof text === "string" && text !== "" ? text : null;
}

function sha256Of(value: unknown): string | null {
  return typeof value === "string" && /^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : null;
}
