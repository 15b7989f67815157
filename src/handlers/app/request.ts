// The request that apps get: nothing is decoded, copied or made before it is asked for. Where
// Node's own is wanted (`new Request(request)`, `fetch(request)`, `clone()`), it turns into
// one, which answers from then on.
import { Failure } from "../../base/failure.ts";
import type { Exchange } from "../../http/exchange/index.ts";
import { AppRefused } from "./app-refused.ts";
import { NativeRequest, NativeResponse, standInFor } from "./native-web.ts";
import { LightHeaders } from "./request-headers.ts";
import { RequestContent } from "./request-content.ts";
import { requestUrl } from "./request-url.ts";

/** Whose signal it is. */
interface SignalOwner {
  readonly signal: AbortSignal;
}

/** A Request of the standard has none of these, nor a body to one that it takes for GET or HEAD. */
const UNTAKEN = /^(?:connect|trace|track)$/i;
const READING = /^(?:get|head)$/i;

const DECODER = new TextDecoder();

export class LightRequest {
  readonly #exchange: Exchange;
  readonly #owner: SignalOwner;
  #url: string | null = null;
  #headers: LightHeaders | null = null;
  #content: RequestContent | null = null;
  #native: Request | null = null;

  constructor(exchange: Exchange, owner: SignalOwner) {
    this.#exchange = exchange;
    this.#owner = owner;
  }

  get method(): string {
    return this.#exchange.method;
  }

  get url(): string {
    this.#url ??= requestUrl(this.#exchange);
    return this.#url;
  }

  get headers(): Headers {
    this.#headers ??= new LightHeaders(this.#exchange.fields);
    return this.#headers as unknown as Headers;
  }

  get signal(): AbortSignal {
    return this.#owner.signal;
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#native !== null) return this.#native.body;
    return this.#hasBody ? this.#contentOf().stream : null;
  }

  get bodyUsed(): boolean {
    return this.#native?.bodyUsed ?? (this.#hasBody && this.#contentOf().used);
  }

  get duplex(): "half" {
    return "half";
  }

  async text(): Promise<string> {
    return DECODER.decode(await this.bytes());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer as ArrayBuffer;
  }

  async bytes(): Promise<Uint8Array> {
    if (this.#native !== null) return this.#native.bytes();
    return this.#hasBody ? this.#contentOf().bytes() : new Uint8Array(0);
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.arrayBuffer()], { type: this.headers.get("content-type") ?? "" });
  }

  async formData(): Promise<FormData> {
    const type = this.headers.get("content-type");
    const headers: Record<string, string> = type === null ? {} : { "Content-Type": type };
    return new NativeResponse(await this.bytes(), { headers }).formData();
  }

  clone(): Request {
    return nativeRequestOf(this).clone();
  }

  static isOne(value: unknown): value is LightRequest {
    return typeof value === "object" && value !== null && #exchange in value;
  }

  /** Node's own of it, one for all who ask: reading its body reads this one's. */
  static toNative(light: LightRequest): Request {
    if (light.#native !== null) return light.#native;
    const { method, url, headers, body, bodyUsed, signal } = light;
    if (UNTAKEN.test(method) || (body !== null && READING.test(method))) {
      throw new AppRefused(new Failure("methodUnknown", method));
    }
    const init = body === null ? {} : ({ body, duplex: "half" } as const);
    const native = new NativeRequest(url, { method, headers, signal, ...init });
    if (bodyUsed) void native.body?.cancel(); // so that it counts as read there, too
    light.#native = native;
    return native;
  }

  static {
    standInFor(LightRequest, NativeRequest, (light) => nativeRequestOf(light as LightRequest));
  }

  // To the standard a GET has no body, whatever came.
  get #hasBody(): boolean {
    const { method, body } = this.#exchange;
    return method !== "GET" && method !== "HEAD" && body.length !== 0;
  }

  #contentOf(): RequestContent {
    this.#content ??= new RequestContent(this.#exchange);
    return this.#content;
  }
}

/**
 * Node's own request of a light one. Throws a TypeError where a reader has its body's stream, and
 * `Refused` where the client asks by a method that such a request can't have.
 */
export function nativeRequestOf(light: LightRequest): Request {
  return LightRequest.toNative(light);
}
