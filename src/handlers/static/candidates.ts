// `try`: what a route looks for in place of the path alone. All but the last are looked up below
// the root, with `{path}` for what was asked for. The last is where it ends: a status, or a
// target that the request is sent on to, as if the client had asked for that.
import { Failure } from "../../base/failure.ts";
import { decodePath } from "../../protocol/target.ts";

export const CANDIDATE_FAILURES = {
  gone: { status: 410, message: "What was here is gone for good." },
} as const;

/** The statuses that a `try` may end in. */
const STATUSES: Readonly<Record<string, string>> = {
  "=403": "forbidden",
  "=404": "notFound",
  "=410": "gone",
};

/** A route's `try`, read. */
export interface Candidates {
  /** Looked up in order; `{path}` is still in them. */
  readonly lookedFor: readonly string[];
  /** Where to send what was not found, `{path}` still in it; or the answer's failure code. */
  readonly end: { readonly target: string } | { readonly code: string };
}

/** What is wrong with one entry of a `try`, or null. */
export function candidateComplaint(entry: string): string | null {
  if (entry.startsWith("=")) {
    if (entry in STATUSES) return null;
    return `a \`try\` can end in ${Object.keys(STATUSES).join(", ")}`;
  }
  if (!/^(?:\/|\{path\})/.test(entry)) return 'it begins with "/" or "{path}", or is a status';
  const [path = ""] = entry.replaceAll("{path}", "x").split("?");
  if (/[{}]/.test(path)) return "`{path}` is all that is filled in";
  return decodePath(path.replace(/^\/*/, "/")) instanceof Failure ? "it is no path" : null;
}

/** Null where the path alone is looked up. */
export function readCandidates(entries: readonly string[]): Candidates | null {
  const last = entries.at(-1);
  if (last === undefined) return null;
  const before = entries.slice(0, -1);
  if (last in STATUSES) return { lookedFor: before, end: { code: STATUSES[last]! } };
  if (last.startsWith("/")) return { lookedFor: before, end: { target: last } };
  return { lookedFor: entries, end: { code: "notFound" } };
}

/** The path below the root that `candidate` is for a request of `path`. */
export function lookedForPath(candidate: string, path: string): string {
  // A folder's path has its slash already.
  const filled = candidate.replace(/\{path\}(\/?)/g, (_, slash: string) =>
    path.endsWith("/") ? path : path + slash,
  );
  return filled.startsWith("/") ? filled.slice(1) : filled;
}

/** The target for a request of `rest`, still encoded. Its query stays if the target has none. */
export function targetOf(target: string, rest: string, query: string): string {
  // In a target's query these would end the value that the path is put into.
  const filled = target.replaceAll("{path}", () => rest.replace(/[&=+;]/g, encodeURIComponent));
  return query === "" || filled.includes("?") ? filled : `${filled}?${query}`;
}
