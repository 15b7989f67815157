// What a file is called where its sender does not say it by the address: the name that came with
// it, as far as it can be one, else a fresh one.
import { randomInt } from "node:crypto";
import { extensionOf } from "../representation/index.ts";
import { safeName } from "../../storage/index.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
/** Of a name that was mended, in bytes of UTF-8: room is left for a number behind it. */
const MENDED_BYTES_MAX = 180;

/**
 * A name as near to `given` as a name can be: only the last part of a path (old browsers send all
 * of it), without what no name may hold. Null where nothing is left of it.
 */
export function mendedName(given: string): string | null {
  const last = given.slice(Math.max(given.lastIndexOf("/"), given.lastIndexOf("\\")) + 1);
  const plain = safeName(last);
  if (plain !== null) return plain;
  const visible = last
    .toWellFormed()
    .normalize("NFC")
    .replace(/(?![\u200C\u200D])[\p{C}\p{Zl}\p{Zp}"*:<>?|]/gu, "_")
    .replace(/^[. ]+|[. ]+$/g, "");
  return visible === "" ? null : (safeName(cut(visible)) ?? safeName(`_${cut(visible)}`));
}

/** A name not given before: `upload_YYYYMMDD_HHMMSS_xxxxxx` (UTC), with its type's ending. */
export function freshName(type: string, nowMs: number): string {
  const [day, time] = new Date(nowMs)
    .toISOString()
    .replace(/[-:]|\..*/g, "")
    .split("T");
  const chance = Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `upload_${day}_${time}_${chance}${extensionOf(type)}`;
}

/** Cut before its ending, between characters. */
function cut(name: string): string {
  if (Buffer.byteLength(name) <= MENDED_BYTES_MAX) return name;
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 && name.length - dot <= 20 ? name.slice(dot) : "";
  let stem = [...name.slice(0, name.length - ending.length)].slice(0, MENDED_BYTES_MAX);
  while (Buffer.byteLength(stem.join("") + ending) > MENDED_BYTES_MAX) stem = stem.slice(0, -1);
  return stem.join("") + ending;
}
