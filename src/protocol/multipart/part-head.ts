// What the fields of a part say (RFC 7578 §4.2): the names come as browsers write them, in UTF-8,
// or as RFC 8187 has it, in `filename*`, which beats `filename`. A part has one of each field and
// parameter that is read here, or the form is refused: of two, a filter in front may have read the
// other.
import { Failure } from "../../base/failure.ts";
import type { Fields } from "../fields.ts";
import type { MultipartFailureCode } from "./failures.ts";
import { readParameters, tokenEnd, type Parameter } from "./parameters.ts";
import { decodeExtended, decodeText } from "./part-text.ts";

export interface PartHead {
  /** The form's field. */
  readonly name: string;
  /**
   * Null: not a file. "": a file input that was left empty. May be a path, and is the client's:
   * whoever stores it makes a safe name of it.
   */
  readonly filename: string | null;
  /** As the client says, with its parameters; null where it says none, or what is no type. */
  readonly contentType: string | null;
  readonly fields: Fields;
}

export interface PartHeadLimits {
  /** Of a field's name, as it came. */
  readonly nameBytes: number;
  readonly filenameBytes: number;
}

type HeadFailure = Failure<MultipartFailureCode>;

const IDENTITIES = new Set(["binary", "7bit", "8bit"]);
/** RFC 2231's pieces (`filename*0`): a reader that does not know them sees no file. */
const IN_PIECES = /^(?:file)?name\*./u;

export function readPartHead(fields: Fields, limits: PartHeadLimits): PartHead | HeadFailure {
  const disposition = only(fields, "content-disposition");
  if (disposition instanceof Failure) return disposition;
  if (disposition === null) return malformed("no Content-Disposition");
  const parameters = dispositionParameters(disposition);
  if (parameters instanceof Failure) return parameters;
  const name = namedBy(parameters, "name", limits.nameBytes);
  if (name instanceof Failure) return name;
  if (name === null) return malformed("no name");
  const filename = namedBy(parameters, "filename", limits.filenameBytes);
  if (filename instanceof Failure) return filename;
  const type = only(fields, "content-type");
  if (type instanceof Failure) return type;
  const encoding = only(fields, "content-transfer-encoding");
  if (encoding instanceof Failure) return encoding;
  if (encoding !== null && !IDENTITIES.has(encoding.toLowerCase())) {
    return new Failure("partEncodingUnknown", encoding);
  }
  return { name, filename, contentType: type !== null && isType(type) ? type : null, fields };
}

/**
 * The name of the file that a Content-Disposition of any kind gives (RFC 6266 §4.3); null where
 * there is none, or none that can be read. The client's, as in `PartHead`.
 */
export function dispositionFilename(value: string): string | null {
  const parameters = readParameters(value, tokenEnd(value, 0));
  if (parameters === null) return null;
  const filename = namedBy(parameters, "filename", value.length);
  return filename instanceof Failure ? null : filename;
}

/** The one value of `field`; null where there is none. */
function only(fields: Fields, field: string): string | null | HeadFailure {
  if (!fields.has(field)) return null;
  const values = fields.all(field);
  return values.length === 1 ? values[0]! : malformed(`${values.length} of ${field}`);
}

function dispositionParameters(disposition: string): Parameter[] | HeadFailure {
  const kindEnd = tokenEnd(disposition, 0);
  if (disposition.slice(0, kindEnd).toLowerCase() !== "form-data") return malformed("no form-data");
  const parameters = readParameters(disposition, kindEnd);
  if (parameters === null) return malformed("parameters of Content-Disposition");
  if (parameters.some(({ name }) => IN_PIECES.test(name))) return malformed("a name in pieces");
  return parameters;
}

/** What `parameter*` says, else `parameter`; null where neither is there. */
function namedBy(
  parameters: readonly Parameter[],
  parameter: "name" | "filename",
  bytesMax: number,
): string | null | HeadFailure {
  let plain: Parameter | null = null;
  let extended: Parameter | null = null;
  for (const one of parameters) {
    if (one.name === parameter) {
      if (plain !== null) return malformed(`two of ${parameter}`);
      plain = one;
    } else if (one.name === `${parameter}*`) {
      if (extended !== null) return malformed(`two of ${parameter}*`);
      extended = one;
    } else {
      continue;
    }
    if (one.value.length > bytesMax) return new Failure("partHeadTooLarge", one.name);
  }
  if (extended !== null) return decodeExtended(extended) ?? malformed(`${parameter}*`);
  if (plain === null) return null;
  return unescape(decodeText(plain.value), parameter);
}

/**
 * Browsers write `%22`, `%0D`, `%0A`, and `%` as it is (HTML, multipart/form-data encoding). A line
 * end is nothing that a file's name needs back.
 */
function unescape(text: string, parameter: "name" | "filename"): string {
  if (!text.includes("%")) return text;
  const unquoted = text.replaceAll("%22", '"');
  if (parameter === "filename") return unquoted;
  return unquoted.replaceAll(/%0d/giu, "\r").replaceAll(/%0a/giu, "\n");
}

function isType(text: string): boolean {
  const slash = tokenEnd(text, 0);
  if (slash === 0 || text[slash] !== "/") return false;
  const end = tokenEnd(text, slash + 1);
  return end > slash + 1 && readParameters(text, end) !== null;
}

function malformed(detail: string): Failure<"partHeadMalformed"> {
  return new Failure("partHeadMalformed", detail);
}
