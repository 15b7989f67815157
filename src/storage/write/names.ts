// Which names a file may be given. What others will see, list, archive and copy to other systems:
// so what any of them can't have, or takes for something else, is no name here.
import { Failure } from "../../base/failure.ts";

/** The longest that a client may give: room is left for what is put behind it. */
const SAFE_BYTES_MAX = 200;
/** The longest that Linux can have. */
const BYTES_MAX = 255;
const DEPTH_MAX = 32;

/** How all names begin that are the server's own, in a folder that is written to. */
export const OWN = ".portico-";

/** Whose names: clients' ("safe"), or those of a protocol that knows what it says ("any"). */
export type NameRule = "safe" | "any";

// Cc and Cf: control characters, and those that turn or hide what stands beside them; but for the
// two joiners, without which families of emoji and Persian words fall apart. Zl and Zp end lines.
// Cs: half a character. Co: nobody knows what it is.
const UNSEEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;
const SEPARATORS = /[/\\]/u;
// Names of devices on Windows, with any extension.
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)/iu;

/**
 * The name that a file gets whom a client calls `given`: one segment, in NFC; null where there is
 * none. Nothing is cut out or put in: who asked for another name is told so.
 */
export function safeName(given: string): string | null {
  const name = given.normalize("NFC");
  if (name === WELL_KNOWN) return name;
  if (name === "" || /^[. ]|[. ]$/u.test(name)) return null;
  if (UNSEEN.test(name) || SEPARATORS.test(name) || DEVICE.test(name)) return null;
  return Buffer.byteLength(name) <= SAFE_BYTES_MAX ? name : null;
}

/** The one name with a dot that others look for (RFC 8615). */
const WELL_KNOWN = ".well-known";

/** The segments of a name that may be a path, by `rule`. */
export function namesOf(name: string, rule: NameRule): string[] | Failure<"nameRefused"> {
  const given = name.split("/");
  const names = rule === "safe" ? given.map(safeName) : given.map(anyName);
  const good = names.filter((one) => one !== null);
  if (good.length === given.length && good.length <= DEPTH_MAX) return good;
  return new Failure("nameRefused", JSON.stringify(name));
}

function anyName(name: string): string | null {
  if (name === "" || name === "." || name === ".." || name.includes("\0")) return null;
  if (name.startsWith(OWN)) return null;
  return Buffer.byteLength(name) <= BYTES_MAX ? name : null;
}

/** `name` with a number before its extension; cut, between characters, to what a name can be. */
export function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf(".");
  // What is long is no extension, and a name does not begin with one.
  const at = dot > 0 && Buffer.byteLength(name.slice(dot)) <= 20 ? dot : name.length;
  const end = `-${number}${name.slice(at)}`;
  let stem = name.slice(0, at);
  while (Buffer.byteLength(stem) + Buffer.byteLength(end) > BYTES_MAX) {
    stem = [...stem].slice(0, -1).join("");
  }
  return stem + end;
}
