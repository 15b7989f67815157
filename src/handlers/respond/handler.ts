import { Reply, type Handler } from "../../http/exchange/index.ts";
import type { RespondOptions } from "./options.ts";

/** Answers every request of its route alike. A reply never changes, so there is one for all. */
export function respondHandler(options: RespondOptions): Handler {
  const reply = replyOf(options);
  return () => reply;
}

function replyOf({ status, body, type }: RespondOptions): Reply {
  // RFC 9110 §15.3.5, §15.3.6, §15.4.5: these have no content, whatever the config says.
  if (status === 204 || status === 205 || status === 304) return new Reply(status);
  return new Reply(status, [["Content-Type", withCharset(type)]], Buffer.from(body, "utf8"));
}

function withCharset(type: string): string {
  if (!/^text\//i.test(type) || /; *charset=/i.test(type)) return type;
  return `${type}; charset=utf-8`;
}
