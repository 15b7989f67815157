// Requests to any server: connections kept from one to the next, redirects followed where nothing
// is lost or leaked by it.
import type { FieldList } from "../base/failure.ts";
import type { Answer, ContentTaker } from "./answer.ts";
import { connectTo, type ConnectOptions } from "./connect.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { ClientFailure } from "./failure.ts";
import type { OutgoingBody } from "./outgoing.ts";

const REDIRECTS_MAX = 5;

/** From here on a body waits for the server's go-ahead, as curl's does: a 413 costs no upload. */
const EXPECT_BYTES_MIN = 1024 * 1024;

/** 307 and 308 keep method and body; the others make a GET of it, so only who reads follows. */
const FOLLOWED_WITH_BODY = [307, 308];
const FOLLOWED_READING = [301, 302, 303, 307, 308];

export type ClientOptions = Partial<ConnectOptions & ConnectionOptions>;

export interface ClientRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST";
  readonly url: URL;
  readonly fields: FieldList;
  /** The caller's: in place of ours of the same name, and for the first origin alone. */
  readonly ownFields: FieldList;
  /** Called for each attempt; what it gives is closed here. */
  readonly openBody?: () => Promise<OutgoingBody | ClientFailure>;
  /** Called for each attempt; takes the content of a 200. */
  readonly openTaker?: () => ContentTaker;
  readonly onSent?: (sentBytes: number, totalBytes: number) => void;
}

export interface AnswerFrom extends Answer {
  /** Whose answer it is, behind all redirects. */
  readonly url: URL;
}

export class HttpClient {
  readonly #options: ConnectOptions & ConnectionOptions;
  #connection: Connection | null = null;
  #origin = "";

  constructor(options: ClientOptions = {}) {
    this.#options = {
      connectTimeoutMs: 30_000,
      // A server may have gigabytes to flush before it answers.
      idleTimeoutMs: 300_000,
      continueWaitMs: 1000,
      ...options,
    };
  }

  async send(request: ClientRequest): Promise<AnswerFrom | ClientFailure> {
    let { url } = request;
    const followed = request.openBody === undefined ? FOLLOWED_READING : FOLLOWED_WITH_BODY;
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      // Credentials are for whom the caller named, and not for whom that one names.
      const ownFields = url.origin === request.url.origin ? request.ownFields : [];
      const answer = await this.#sendOnce({ ...request, url, ownFields });
      if (answer instanceof ClientFailure) return answer;
      if (!followed.includes(answer.status)) return { ...answer, url };
      const next = redirectTarget(url, answer);
      if (next instanceof ClientFailure) return next;
      url = next;
    }
    const message = `${request.url.href} is redirected more than ${REDIRECTS_MAX} times`;
    return new ClientFailure("redirectRefused", message);
  }

  /** Idempotent. */
  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  async #sendOnce(request: ClientRequest): Promise<Answer | ClientFailure> {
    const answer = await this.#attempt(request, true);
    const refusesToWait = !(answer instanceof ClientFailure) && answer.status === 417;
    return refusesToWait ? this.#attempt(request, false) : answer;
  }

  async #attempt(request: ClientRequest, mayExpect: boolean): Promise<Answer | ClientFailure> {
    const kept = this.#keptFor(request);
    if (kept !== null) {
      const answer = await this.#exchange(kept, request, mayExpect);
      // The server ended it while nothing was asked, which is no fault: once more, on a new one.
      const wasStale = answer instanceof ClientFailure && answer.code === "cut" && !kept.wasHeard;
      if (!wasStale) return answer;
    }
    const socket = await connectTo(request.url, this.#options);
    if (socket instanceof ClientFailure) return socket;
    this.#connection = new Connection(socket, this.#options);
    this.#origin = request.url.origin;
    return this.#exchange(this.#connection, request, mayExpect);
  }

  /** A POST is never sent twice, so it does not take a connection that may be at its end. */
  #keptFor({ url, method }: ClientRequest): Connection | null {
    const kept = this.#connection;
    if (kept?.isOpen && this.#origin === url.origin && method !== "POST") return kept;
    this.close();
    return null;
  }

  async #exchange(
    connection: Connection,
    request: ClientRequest,
    mayExpect: boolean,
  ): Promise<Answer | ClientFailure> {
    const body = (await request.openBody?.()) ?? null;
    if (body instanceof ClientFailure) return body;
    const expectsContinue = mayExpect && body !== null && body.bytes >= EXPECT_BYTES_MIN;
    try {
      return await connection.request({
        method: request.method,
        target: request.url.pathname + request.url.search,
        fields: fieldsOf(request, body, expectsContinue),
        body,
        expectsContinue,
        taker: request.openTaker?.() ?? null,
        onSent: (sentBytes) => request.onSent?.(sentBytes, body?.bytes ?? 0),
      });
    } finally {
      await body?.close();
    }
  }
}

function redirectTarget(from: URL, { status, fields }: Answer): URL | ClientFailure {
  const location = fields.get("location");
  const to = location === null ? null : URL.parse(location, from);
  const refused = (why: string): ClientFailure =>
    new ClientFailure("redirectRefused", `${from.href} is redirected ${why}`, { status });
  if (to === null || !/^https?:$/.test(to.protocol)) return refused("to no place on the web");
  if (from.protocol === "https:" && to.protocol === "http:") {
    return refused(`to ${to.host} without TLS`);
  }
  return to;
}

function fieldsOf(
  { url, fields, ownFields }: ClientRequest,
  body: OutgoingBody | null,
  expectsContinue: boolean,
): FieldList {
  const own = new Set(ownFields.map(([name]) => name.toLowerCase()));
  const usual: FieldList = [
    ["Host", url.host],
    ["User-Agent", "portico"],
    // Digests and sizes are those of what is stored, not of a coding of it.
    ["Accept-Encoding", "identity"],
    ...fields,
  ];
  return [
    ...usual.filter(([name]) => !own.has(name.toLowerCase())),
    ...ownFields,
    ...(body === null ? [] : [["Content-Length", String(body.bytes)] as const]),
    ...(expectsContinue ? [["Expect", "100-continue"] as const] : []),
  ];
}
