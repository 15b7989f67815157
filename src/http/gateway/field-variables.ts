// What a program is told of a request's header fields (RFC 3875 §4.1.18).
//
// A field of the request becomes HTTP_NAME, `-` written as `_`. A name with `_` of its own would
// pose as another field, and `Proxy` as a setting of the program's HTTP client ("httpoxy"): they
// are left out, as are fields of the connection.
import type { Fields } from "../../protocol/index.ts";
import type { VariableSink } from "./meta-variables.ts";

/** Not for programs, or told by variables of their own. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...["content-length", "content-type", "proxy", "proxy-authorization"],
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"],
  ...["upgrade"],
]);

/** A header field's name as a variable's; null: it is none. */
function variableOf(name: string): string | null {
  if (LEFT_OUT.has(name) || !/^[a-z0-9-]+$/.test(name)) return null;
  return `HTTP_${name.toUpperCase().replaceAll("-", "_")}`;
}

const KNOWN_NAMES_MAX = 1000;

export class FieldVariables {
  readonly #own: ReadonlySet<string>;
  /** By a field's name in lower case: the names that clients send are few. */
  readonly #names = new Map<string, string | null>();

  /** `own`: variables that the route sets, which no field does. */
  constructor(own: ReadonlySet<string>, passAuthorization: boolean) {
    this.#own = own;
    if (!passAuthorization) this.#names.set("authorization", null);
  }

  /** Writes those of `fields`. */
  write(fields: Fields, sink: VariableSink): void {
    const repeated: string[] = []; // names whose several lines were written
    for (const [written, value] of fields.entries()) {
      const name = written.toLowerCase();
      const variable = this.#nameOf(name);
      if (variable === null || this.#own.has(variable)) continue;
      const joined = fields.get(name);
      // Most have one line; that of several is joined (RFC 9110 §5.3), but Cookie's by ";".
      if (joined === null || joined === value) sink.latin1(variable, value);
      else if (!repeated.includes(name)) {
        repeated.push(name);
        sink.latin1(variable, name === "cookie" ? fields.all(name).join("; ") : joined);
      }
    }
  }

  #nameOf(name: string): string | null {
    let variable = this.#names.get(name);
    if (variable === undefined) {
      variable = variableOf(name);
      if (this.#names.size < KNOWN_NAMES_MAX) this.#names.set(name, variable);
    }
    return variable;
  }
}
