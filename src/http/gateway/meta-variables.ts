// What a program is told of the request: the meta-variables of CGI (RFC 3875 §4.1), by which
// FastCGI's programs go too, and those that programs have come to count on. Values are written as
// bytes to a sink, one after the other, so that nothing is made of them in between.
//
// A field of the request becomes HTTP_NAME, `-` written as `_`. A name with `_` of its own would
// pose as another field, and `Proxy` as a setting of the program's HTTP client ("httpoxy"): they
// are left out, as are fields of the connection.
import type { Exchange } from "../exchange/index.ts";

/** Where variables are written to. No value holds a NUL. */
export interface VariableSink {
  /** `value` is written as UTF-8. */
  text(name: string, value: string): void;
  /** Each character of `value` is a byte. */
  latin1(name: string, value: string): void;
  /** Variables that were written to such a sink before. */
  ready(bytes: Uint8Array): void;
}

/** A sink that gives out what was written to it. */
export interface VariableBytes extends VariableSink {
  take(): Uint8Array;
}

/** Which program answers for which part of the path. */
export interface ScriptPlace {
  /** The part of the path that names the program, decoded. */
  readonly scriptName: string;
  /** What follows it, decoded. */
  readonly pathInfo: string;
  /** The program's own file, absolute; null where it has none. */
  readonly scriptFile: string | null;
}

export interface MetaVariableRules {
  /** Set by the route, whatever else says. */
  readonly env: Readonly<Record<string, string>>;
  readonly documentRoot: string | null;
  /** Hand on Authorization: the program checks who asks, not the server. */
  readonly passAuthorization: boolean;
}

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

export class MetaVariables {
  readonly #own: ReadonlySet<string>;
  readonly #constant: Uint8Array;
  readonly #documentRoot: string | null;
  /** By a field's name in lower case: the names that clients send are few. */
  readonly #names = new Map<string, string | null>();

  /** `sink`: for what is the same for all requests; of the kind that `write` will be given. */
  constructor(rules: MetaVariableRules, sink: VariableBytes) {
    this.#own = new Set(Object.keys(rules.env));
    this.#documentRoot = rules.documentRoot;
    if (!rules.passAuthorization) this.#names.set("authorization", null);
    for (const [name, value] of Object.entries(rules.env)) sink.text(name, value);
    this.#set(sink, "GATEWAY_INTERFACE", "CGI/1.1");
    this.#set(sink, "SERVER_SOFTWARE", "portico");
    this.#set(sink, "REDIRECT_STATUS", "200"); // php-cgi runs nothing without
    if (rules.documentRoot !== null) this.#set(sink, "DOCUMENT_ROOT", rules.documentRoot);
    this.#constant = sink.take();
  }

  /** Writes all of them. `contentBytes`: of the request's body; null where it has none. */
  write(
    exchange: Exchange,
    place: ScriptPlace,
    contentBytes: number | null,
    sink: VariableSink,
  ): void {
    sink.ready(this.#constant);
    this.#writeScript(place, sink);
    this.#writeRequest(exchange, contentBytes, sink);
    this.#writeConnection(exchange, sink);
    this.#writeFields(exchange, sink);
  }

  #writeScript({ scriptName, pathInfo, scriptFile }: ScriptPlace, sink: VariableSink): void {
    this.#set(sink, "SCRIPT_NAME", scriptName);
    if (scriptFile !== null) this.#set(sink, "SCRIPT_FILENAME", scriptFile);
    if (pathInfo === "") return;
    this.#set(sink, "PATH_INFO", pathInfo);
    if (this.#documentRoot === null) return;
    this.#set(sink, "PATH_TRANSLATED", this.#documentRoot + pathInfo);
  }

  #writeRequest(exchange: Exchange, contentBytes: number | null, sink: VariableSink): void {
    const { request, query, fields } = exchange;
    this.#set(sink, "REQUEST_METHOD", request.method);
    this.#setBytes(sink, "REQUEST_URI", originOf(request.target));
    this.#setBytes(sink, "QUERY_STRING", query);
    this.#set(sink, "SERVER_PROTOCOL", `HTTP/1.${request.minorVersion}`);
    if (contentBytes === null) return;
    this.#set(sink, "CONTENT_LENGTH", String(contentBytes));
    const type = fields.get("content-type");
    if (type !== null) this.#setBytes(sink, "CONTENT_TYPE", type);
  }

  #writeConnection({ connection, host, authority }: Exchange, sink: VariableSink): void {
    const { remoteAddress, remotePort, localAddress, localPort, secure, unix } = connection;
    this.#set(sink, "REQUEST_SCHEME", secure ? "https" : "http");
    if (secure) this.#set(sink, "HTTPS", "on");
    this.#set(sink, "SERVER_NAME", host === "" ? "localhost" : host);
    this.#set(sink, "SERVER_PORT", unix ? portOf(authority, secure) : String(localPort));
    // No address, and none that a program could take for the machine's own.
    this.#set(sink, "REMOTE_ADDR", unix ? "unix:" : remoteAddress);
    if (unix) return;
    this.#set(sink, "REMOTE_PORT", String(remotePort));
    this.#set(sink, "SERVER_ADDR", localAddress);
  }

  #writeFields({ fields }: Exchange, sink: VariableSink): void {
    const seen = new Set<string>();
    for (const [written, value] of fields.entries()) {
      const name = written.toLowerCase();
      if (seen.has(name)) continue;
      seen.add(name);
      const variable = this.#nameOf(name);
      if (variable === null || this.#own.has(variable)) continue;
      // Most have one line; that of several is joined (RFC 9110 §5.3), but Cookie's by ";".
      const joined = name === "cookie" ? fields.all(name).join("; ") : fields.get(name);
      sink.latin1(variable, joined ?? value);
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

  #set(sink: VariableSink, name: string, value: string): void {
    if (!this.#own.has(name)) sink.text(name, value);
  }

  #setBytes(sink: VariableSink, name: string, value: string): void {
    if (!this.#own.has(name)) sink.latin1(name, value);
  }
}

/** The target without what an absolute one has before its path (RFC 9112 §3.2.2). */
function originOf(target: string): string {
  if (target[0] === "/" || target === "*") return target;
  return target.replace(/^[^:]+:\/\/[^/?]*(\/?)/, "/");
}

/** The port that the client asked for, where the connection has none. */
function portOf(authority: string, secure: boolean): string {
  const port = /:(\d+)$/.exec(authority)?.[1];
  return port ?? (secure ? "443" : "80");
}
