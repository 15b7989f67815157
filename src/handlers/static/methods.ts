// Files are read. What is no file may be another route's, by `try` or by `index`: then the request
// is sent on, by whatever method it came, as a form is posted to a program.
import { isClaimed } from "../../http/claims.ts";
import type { Exchange, Handler } from "../../http/exchange/index.ts";
import { guardMethods } from "../../http/methods.ts";
import type { Methods, RoomContext } from "../../http/room.ts";
import { readCandidates } from "./candidates.ts";
import type { StaticOptions } from "./options.ts";

/** The methods that reach a route's handler. */
export function methodsOf(
  { try: entries, index, sources }: StaticOptions,
  { claimedSuffixes }: Pick<RoomContext, "claimedSuffixes">,
): Methods {
  const candidates = readCandidates(entries);
  const sendsOn = candidates !== null && "target" in candidates.end;
  const runsIndex = !sources && index.some((name) => isClaimed(name, claimedSuffixes));
  return sendsOn || runsIndex ? "any" : ["GET", "HEAD"];
}

export function reads({ method }: Exchange): boolean {
  return method === "GET" || method === "HEAD";
}

/** What is answered by other methods where there is something to read. */
export const refusal: Handler = guardMethods(["GET"], ({ method }) => {
  throw new Error(`${method} reads`);
});
