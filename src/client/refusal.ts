// What an answer that is no success means, in words. The answer may be a proxy's: then it says
// nothing of files, and its text is a page.
import type { Answer } from "./answer.ts";
import { ClientFailure } from "./failure.ts";

const QUOTED_MAX = 200;

const MEANINGS: Readonly<Record<number, string>> = {
  400: "the server finds the request wrong",
  401: "the server wants credentials, in the URL (http://NAME:PASSWORD@…) or as a field",
  403: "that is not allowed there",
  404: "there is no such place on the server",
  405: "the server takes no files there",
  407: "a proxy wants credentials",
  408: "the server found the upload too slow",
  409: "the name is taken, and the server keeps what it has",
  410: "that place is gone for good",
  411: "the server, or a proxy, wants another way to send",
  412: "what is stored there is not what the condition wants",
  413: "the file is larger than the server takes",
  415: "the server does not take files of this type",
  421: "the server does not answer for that host",
  422: "the server can't take what it was sent",
  423: "the file is locked",
  425: "the server wants to be asked again",
  429: "the server had too many requests",
  431: "the header fields are larger than the server takes",
  500: "the server failed",
  501: "the server does not know how to take files",
  502: "a proxy got no good answer from the server",
  503: "the server is busy",
  504: "a proxy got no answer from the server in time",
  507: "the server has no room for it",
  511: "the network wants a login first",
};

/** The failure that `answer` is. */
export function refusalOf(answer: Answer): ClientFailure {
  const { status, fields } = answer;
  const meaning = MEANINGS[status] ?? fallbackMeaning(status);
  const parts = [`${meaning} (${status}${standing(answer)})`];
  const later = fields.get("retry-after");
  if (later !== null) parts.push(`try again after ${wait(later)}`);
  const quoted = wordsOf(answer);
  if (quoted !== null) parts.push(`it says: ${quoted}`);
  return new ClientFailure("refused", parts.join("; "), { status });
}

/** The server's own words about it, cut to a line's length; null where there are none. */
export function wordsOf({ text, fields }: Answer): string | null {
  const type = (fields.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  const found = type.endsWith("json")
    ? wordsInJson(text)
    : type === "text/html"
      ? (/<title[^>]{0,100}>([^<]{1,1000})/i.exec(text)?.[1] ?? null)
      : type === "text/plain"
        ? (/\S.*/.exec(text.slice(0, 4096))?.[0] ?? null)
        : null;
  const line = (found ?? "").replaceAll(/\s+/g, " ").trim();
  if (line === "") return null;
  return line.length <= QUOTED_MAX ? line : `${line.slice(0, QUOTED_MAX)}…`;
}

function wordsInJson(text: string): string | null {
  const value = jsonObject(text);
  for (const key of ["message", "detail", "title", "error"]) {
    const words = value?.[key];
    if (typeof words === "string" && words.trim() !== "") return words.slice(0, 4096);
  }
  return null;
}

/** `text` as an object; null when it is none. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // a SyntaxError
  }
}

function fallbackMeaning(status: number): string {
  if (status < 300) return "the server took it, but does not say that it is stored";
  if (status < 400) return "the server sends the request elsewhere";
  return status < 500 ? "the server refuses it" : "the server failed";
}

function standing({ reason }: Answer): string {
  return reason === "" ? "" : ` ${reason}`;
}

function wait(retryAfter: string): string {
  return /^\d+$/.test(retryAfter) ? `${retryAfter} s` : retryAfter;
}
