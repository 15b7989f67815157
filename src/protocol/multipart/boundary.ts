// The boundary of a form, out of the request's Content-Type (RFC 7578 §4.1, RFC 2046 §5.1.1). What
// two readers could take for two boundaries is refused: whoever filters in front of us by the one
// would not see the parts that we find by the other.
import { Failure } from "../../base/failure.ts";
import { readParameters } from "./parameters.ts";

const TYPE = "multipart/form-data";
/** Bounded as RFC 2046 has it, blanks inside, and none at the end. */
const BOUNDARY = /^[\w'()+,\-./:=? ]{0,69}[\w'()+,\-./:=?]$/u;

/** `contentType` is the request's, all its lines joined. Fails with `boundaryMalformed`. */
export function multipartBoundary(contentType: string): string | Failure<"boundaryMalformed"> {
  if (contentType.slice(0, TYPE.length).toLowerCase() !== TYPE) return malformed("not a form");
  const parameters = readParameters(contentType, TYPE.length);
  if (parameters === null) return malformed("parameters");
  const boundaries = parameters.filter(({ name }) => name === "boundary");
  if (boundaries.length !== 1) return malformed(`${boundaries.length} boundaries`);
  const { value, quoted } = boundaries[0]!;
  // A proxy joins two fields by a comma.
  if (!isBoundary(value) || (!quoted && value.includes(","))) return malformed("characters");
  return value;
}

export function isBoundary(text: string): boolean {
  return BOUNDARY.test(text);
}

function malformed(detail: string): Failure<"boundaryMalformed"> {
  return new Failure("boundaryMalformed", detail);
}
