// What a program is told of the request: the meta-variables of CGI (RFC 3875 §4.1), by which
// FastCGI's programs go too, and those that programs have come to count on. Values are written as
// bytes to a sink, one after the other, so that nothing is made of them in between.
//
// What was said before is kept as it was written: what is the same for all requests, for those of
// one connection, and, where a head comes again byte for byte (protocol/http1/head-memo.ts), what
// follows from that. Thirty variables cost 0.6 µs so, and 3 one by one.
import type { ConnectionFacts, Exchange } from "../exchange/index.ts";
import { FieldVariables } from "./field-variables.ts";
import type { SessionFacts } from "./session-facts.ts";

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

/** What is not in the request's head. */
export interface VariableFacts {
  /** Of its body, which is there; null: it has none. */
  readonly contentBytes: number | null;
  /** The visitor's; null: there is none. */
  readonly session: SessionFacts | null;
}

/** Stands for a head that came once; what comes a second time may come again. */
const CAME_ONCE = {};

/** What follows from a request's head, and from the place of its script. */
class KeptOfHead {
  readonly of: MetaVariables;
  readonly place: ScriptPlace;
  readonly query: string;
  readonly bytes: Uint8Array;

  constructor(of: MetaVariables, place: ScriptPlace, query: string, bytes: Uint8Array) {
    this.of = of;
    this.place = place;
    this.query = query;
    this.bytes = bytes;
  }

  isFor(of: MetaVariables, { scriptName, pathInfo, scriptFile }: ScriptPlace, query: string) {
    const { place } = this;
    return (
      this.of === of &&
      place.scriptName === scriptName &&
      place.pathInfo === pathInfo &&
      place.scriptFile === scriptFile &&
      this.query === query // differs where the request was sent on
    );
  }
}

export class MetaVariables {
  readonly #own: ReadonlySet<string>;
  readonly #newSink: () => VariableBytes;
  readonly #constant: Uint8Array;
  readonly #ofTls: Uint8Array;
  readonly #ofPlain: Uint8Array;
  readonly #ofConnection = new WeakMap<ConnectionFacts, Uint8Array>();
  readonly #documentRoot: string | null;
  readonly #fields: FieldVariables;

  /** `newSink`: for what is kept; of the kind that `write` will be given. */
  constructor(rules: MetaVariableRules, newSink: () => VariableBytes) {
    this.#own = new Set(Object.keys(rules.env));
    this.#newSink = newSink;
    this.#documentRoot = rules.documentRoot;
    this.#fields = new FieldVariables(this.#own, rules.passAuthorization);
    this.#constant = this.#written((sink) => {
      for (const [name, value] of Object.entries(rules.env)) sink.text(name, value);
      this.#set(sink, "GATEWAY_INTERFACE", "CGI/1.1");
      this.#set(sink, "SERVER_SOFTWARE", "portico");
      this.#set(sink, "REDIRECT_STATUS", "200"); // php-cgi runs nothing without
      if (rules.documentRoot !== null) this.#set(sink, "DOCUMENT_ROOT", rules.documentRoot);
    });
    this.#ofPlain = this.#written((sink) => this.#set(sink, "REQUEST_SCHEME", "http"));
    this.#ofTls = this.#written((sink) => {
      this.#set(sink, "REQUEST_SCHEME", "https");
      this.#set(sink, "HTTPS", "on");
    });
  }

  /** Writes all of them. */
  write(
    exchange: Exchange,
    place: ScriptPlace,
    { contentBytes, session }: VariableFacts,
    sink: VariableSink,
  ): void {
    sink.ready(this.#constant);
    if (session !== null) this.#writeSession(session, sink);
    sink.ready(exchange.secure ? this.#ofTls : this.#ofPlain); // a proxy may have ended it
    sink.ready(this.#connectionBytes(exchange.connection));
    const { request, query, connection } = exchange;
    const { kept } = request;
    if (kept instanceof KeptOfHead && kept.isFor(this, place, query) && contentBytes === null) {
      sink.ready(kept.bytes);
    } else if (kept === CAME_ONCE && contentBytes === null && !connection.unix) {
      const bytes = this.#written((own) => this.#writeHead(exchange, place, null, own));
      request.kept = new KeptOfHead(this, place, query, bytes);
      sink.ready(bytes);
    } else {
      this.#writeHead(exchange, place, contentBytes, sink);
      if (kept !== undefined) request.kept = CAME_ONCE;
    }
  }

  #connectionBytes(connection: ConnectionFacts): Uint8Array {
    let bytes = this.#ofConnection.get(connection);
    if (bytes === undefined) {
      bytes = this.#written((sink) => this.#writeConnection(connection, sink));
      this.#ofConnection.set(connection, bytes);
    }
    return bytes;
  }

  /** What `write` writes, in no more memory than it takes. */
  #written(write: (sink: VariableSink) => void): Uint8Array {
    const sink = this.#newSink();
    write(sink);
    return new Uint8Array(sink.take());
  }

  #writeConnection(connection: ConnectionFacts, sink: VariableSink): void {
    const { remoteAddress, remotePort, localAddress, localPort, unix } = connection;
    // No address, and none that a program could take for the machine's own.
    this.#set(sink, "REMOTE_ADDR", unix ? "unix:" : remoteAddress);
    if (unix) return;
    this.#set(sink, "REMOTE_PORT", String(remotePort));
    this.#set(sink, "SERVER_ADDR", localAddress);
    this.#set(sink, "SERVER_PORT", String(localPort));
  }

  #writeSession({ id, user }: SessionFacts, sink: VariableSink): void {
    this.#set(sink, "PORTICO_SESSION_ID", id);
    if (user !== null) this.#set(sink, "PORTICO_SESSION_USER", user);
  }

  #writeHead(
    exchange: Exchange,
    place: ScriptPlace,
    contentBytes: number | null,
    sink: VariableSink,
  ): void {
    this.#writeScript(place, sink);
    this.#writeRequest(exchange, contentBytes, sink);
    this.#fields.write(exchange.fields, sink);
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
    const { request, query, fields, host, authority, connection } = exchange;
    this.#setBytes(sink, "REQUEST_METHOD", request.method);
    this.#setBytes(sink, "REQUEST_URI", originOf(request.target));
    this.#setBytes(sink, "QUERY_STRING", query);
    this.#setBytes(sink, "SERVER_PROTOCOL", `HTTP/1.${request.minorVersion}`);
    this.#set(sink, "SERVER_NAME", host === "" ? "localhost" : host);
    if (connection.unix) this.#set(sink, "SERVER_PORT", portOf(authority, connection.secure));
    if (contentBytes === null) return;
    this.#set(sink, "CONTENT_LENGTH", String(contentBytes));
    const type = fields.get("content-type");
    if (type !== null) this.#setBytes(sink, "CONTENT_TYPE", type);
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
