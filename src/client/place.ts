// Where something is sent. Credentials in a URL become a field and are never shown again.
import type { FieldList } from "../base/failure.ts";

export class Place {
  /** Without credentials and fragment. */
  readonly url: URL;
  /** Credentials of the URL, if it had any, as a field. */
  readonly credentials: FieldList;

  private constructor(url: URL, credentials: FieldList) {
    this.url = url;
    this.credentials = credentials;
  }

  /** Null when `text` is no http: or https: URL. */
  static parse(text: string): Place | null {
    const url = URL.parse(text);
    if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") return null;
    const credentials = credentialsOf(url);
    if (credentials === null) return null;
    url.username = "";
    url.password = "";
    url.hash = "";
    return new Place(url, credentials);
  }

  /** Whether it is a folder, as far as its name says. */
  get isFolder(): boolean {
    return this.url.pathname.endsWith("/");
  }

  /** The place of `name` in this folder, or the place itself where it is none. */
  of(name: string): URL {
    const url = new URL(this.url);
    if (this.isFolder) url.pathname += encodeURIComponent(name);
    return url;
  }
}

function credentialsOf({ username, password }: URL): FieldList | null {
  if (username === "" && password === "") return [];
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return [["Authorization", `Basic ${Buffer.from(pair).toString("base64")}`]];
  } catch {
    return null; // a percent sign that begins no byte (a URIError)
  }
}
