// A program may name a file in place of sending it: `X-Sendfile` an absolute path,
// `X-Accel-Redirect` a path of the site, for which there is mostly a route with `internal = true`.
// The file goes out as any other does, by sendfile, with validators and ranges; what the program
// said of it (its type, its name, how long it keeps) stays.
import { Failure, type FieldList } from "../../base/failure.ts";
import type { Log } from "../../base/log.ts";
import { decodePath } from "../../protocol/index.ts";
import { isInside, OpenFile, type OpenFileCache, type Root } from "../../storage/index.ts";
import { isClaimed } from "../claims.ts";
import { Reply, type Answer, type Exchange } from "../exchange/index.ts";
import { mediaTypeOf, replyWithFile } from "../representation/index.ts";

export interface NamedFileRules {
  readonly files: OpenFileCache;
  /** Where files for X-Sendfile may lie. */
  readonly sendFrom: readonly Root[];
  /** How scripts' names end: they are never sent. */
  readonly sources: readonly string[];
  readonly log: Log;
}

export type NamedFile =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "target"; readonly target: string };

const BY_PATH = new Set(["x-sendfile", "x-lighttpd-send-file"]);
const BY_TARGET = "x-accel-redirect";

/** By which most other fields are told apart: all in lower case would cost 0.4 µs an answer. */
const LENGTHS = new Set([...BY_PATH, BY_TARGET].map((name) => name.length));

/** The program's words on the body that it did not send, and on how that is to be sent. */
const NOT_OF_THE_FILE = new Set([
  ...BY_PATH,
  BY_TARGET,
  ...["x-accel-buffering", "x-accel-charset", "x-accel-expires", "x-accel-limit-rate"],
  ...["accept-ranges", "content-encoding", "content-range", "etag", "last-modified"],
]);

/** The file that `fields` name in place of a body, or null. */
export function namedFile(fields: FieldList): NamedFile | null {
  for (const [name, value] of fields) {
    if (!LENGTHS.has(name.length)) continue;
    const lower = name.toLowerCase();
    if (lower === BY_TARGET) return { kind: "target", target: value };
    if (BY_PATH.has(lower)) return { kind: "path", path: value };
  }
  return null;
}

/** The answer with that file, and with what else `fields` say. */
export async function answerWithNamedFile(
  exchange: Exchange,
  named: NamedFile,
  fields: FieldList,
  rules: NamedFileRules,
): Promise<Answer> {
  const kept = fields.filter(([name]) => !NOT_OF_THE_FILE.has(name.toLowerCase()));
  const answer =
    named.kind === "path"
      ? await answerWithPath(exchange, named.path, rules)
      : await answerWithTarget(exchange, named.target);
  if (answer instanceof Failure) {
    rules.log.warn(`a program named a file that can't be sent: ${answer.code} ${answer.detail}`);
    return answer;
  }
  // The type of several ranges is that of their envelope, and an error's body is no file's.
  const isFile = answer.status < 300 && !isSeveralParts(answer);
  const said = isFile ? kept : kept.filter(([name]) => !/^content-/i.test(name));
  const names = new Set(said.map(([name]) => name.toLowerCase()));
  const own = answer.fields.filter(([name]) => !names.has(name.toLowerCase()));
  return new Reply(answer.status, [...own, ...said], answer.body);
}

function isSeveralParts({ status, fields }: Reply): boolean {
  return status === 206 && !fields.some(([name]) => name === "Content-Range");
}

async function answerWithPath(
  exchange: Exchange,
  path: string,
  { files, sendFrom, sources }: NamedFileRules,
): Promise<Answer> {
  const decoded = Buffer.from(path, "latin1").toString(); // fields are bytes
  for (const root of sendFrom) {
    if (!isInside(root.folder, decoded) || decoded === root.folder) continue;
    const below = decoded.slice(root.folder.length).replace(/^\/+/, "");
    if (isClaimed(below, sources)) return new Failure("forbidden", `${decoded} is a source`);
    const found = await files.lookup(root, below);
    if (found instanceof Failure) return found;
    if (!(found instanceof OpenFile)) return new Failure("notFound", `${decoded} is a folder`);
    exchange.becomeGet(); // by which ranges and validators are asked for
    return replyWithFile(exchange, found, { contentType: mediaTypeOf(decoded) });
  }
  return new Failure("programFailed", `X-Sendfile: ${decoded} lies in no folder of \`sendFiles\``);
}

function answerWithTarget(exchange: Exchange, target: string): Answer | Promise<Answer> {
  if (!isTarget(target)) return new Failure("programFailed", `no path of the site: ${target}`);
  return exchange.reroute(target, { asGet: true });
}

/** Whether a program's `target` can be asked for: a path of this site, with or without a query. */
export function isTarget(target: string): boolean {
  return target.startsWith("/") && !(decodePath(target.replace(/\?.*$/s, "")) instanceof Failure);
}
