// Which files a route takes: by their bytes, and by what they are said to be. The two must agree,
// and the name must not say what is not taken: a picture that is called `x.html`, or `x.php`, would
// be a page or a script to the next who finds it, and its bytes can be both.
import { mediaTypeOf as typeOfName, uploadedDisposition } from "../representation/index.ts";
import { agreedType, matchesAccept, mediaTypeOf as typeOfBytes } from "../../protocol/index.ts";

/** What is known of a file before all of it has come. */
export interface FileLook {
  /** Its first bytes, `SNIFFED_BYTES` of them where it has so many. */
  readonly first: Uint8Array;
  /** The Content-Type that it came with. */
  readonly declared: string | null;
  readonly name: string;
}

const HARMLESS_TEXTS = new Set(["text/markdown", "text/csv", "text/tab-separated-values"]);
const UNKNOWN = "application/octet-stream";
/** What servers and desktops run by its ending, and no list of media types tells. */
const PROGRAM =
  /\.(?:ph(?:p\d|ps|t|tml|ar)|[aj]spx?|as[acmh]x|cgi|fcgi|py|rb|exe|com|scr|hta|vb[es]|ps1|url)$/i;

/** The media type of a file: what its bytes show, else what it is said to be. */
export function typeOf(look: FileLook): string {
  const said = saidType(look);
  return agreedType(said, look.first) ?? typeOfBytes(look.first) ?? said ?? UNKNOWN;
}

/** Whether a route that takes `accept` takes this file; one that names nothing takes anything. */
export function isAccepted(look: FileLook, accept: readonly string[]): boolean {
  if (accept.length === 0) return true;
  const agreed = agreedType(saidType(look), look.first);
  return agreed !== null && matchesAccept(agreed, accept) && mayBeAccepted(look, accept);
}

/** Whether a file that is said to be this may be taken: known before any of it has come. */
export function mayBeAccepted(said: Omit<FileLook, "first">, accept: readonly string[]): boolean {
  if (accept.length === 0) return true;
  const type = saidType(said);
  if (type !== null && !matchesAccept(type, accept)) return false;
  if (PROGRAM.test(said.name) && !matchesAccept(UNKNOWN, accept)) return false;
  const named = namedType(said.name);
  return named === null || matchesAccept(named, accept) || isHarmless(said.name, named);
}

/** Text that no browser runs, and what it can only show. */
function isHarmless(name: string, type: string): boolean {
  return HARMLESS_TEXTS.has(type) || uploadedDisposition(name, type) === undefined;
}

export function acceptComplaint(pattern: string): string | null {
  const isPattern = /^(?:\*\/\*|[a-z0-9!#$&^_.+-]+\/(?:\*|[a-z0-9!#$&^_.+-]+))$/.test(pattern);
  return isPattern ? null : 'a media type is written in lower case, like "image/png" or "image/*"';
}

/** What the file is said to be: octet-stream says nothing, nor does a name without an ending. */
function saidType({ declared, name }: Omit<FileLook, "first">): string | null {
  const type = declared?.replace(/;.*$/s, "").trim().toLowerCase() ?? "";
  if (type !== "" && type !== UNKNOWN) return type;
  return namedType(name);
}

function namedType(name: string): string | null {
  const named = typeOfName(name).replace(/;.*$/s, "");
  return named === UNKNOWN ? null : named;
}
