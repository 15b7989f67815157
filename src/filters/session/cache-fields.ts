// What caches are told of an answer that was made with a session. Each rule is against one way in
// which a visitor is given another's answer, or another's cookie.
import type { FieldList } from "../../base/failure.ts";

import { Reply } from "../../http/exchange/index.ts";

const KEPT_FROM_OTHERS = /(?:^|[,\s])(?:private|no-store)(?:$|[,\s])/i;

/** `reply`, of which caches know that it was made for one visitor. */
export function withCacheFields(reply: Reply, setsCookie: boolean): Reply {
  const own = reply.fields.filter(([name]) => name.toLowerCase() === "cache-control");
  const stays = setsCookie
    ? own.length > 0 && KEPT_FROM_OTHERS.test(own.map(([, value]) => value).join(", "))
    : own.length > 0;
  const control: FieldList = [["Cache-Control", setsCookie ? "no-store" : "private, no-cache"]];
  const kept = stays ? reply.fields : reply.fields.filter((field) => !own.includes(field));
  const vary: FieldList = variesByCookie(reply.fields) ? [] : [["Vary", "Cookie"]];
  const fields = [...kept, ...(stays ? [] : control), ...vary];
  return new Reply(reply.status, fields, reply.body);
}

function variesByCookie(fields: FieldList): boolean {
  return fields.some(
    ([name, value]) =>
      name.toLowerCase() === "vary" && /(?:^|[,\s])(?:cookie|\*)(?:$|[,\s])/i.test(value),
  );
}
