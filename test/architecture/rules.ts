// The rules of the house, each a function of one import or one use of a name: null where it holds,
// else what to do instead.
import path from "node:path";
import {
  floorOf,
  isBelow,
  isTest,
  OPEN_FOLDERS,
  partOf,
  REGISTRY,
  ROOM_FOLDERS,
  roomOf,
  TESTING,
} from "./house.ts";
import type { Import, Use } from "./sources.ts";

type ImportRule = (edge: Import) => string | null;

/** What `protocol` may take from Node: nothing that waits, reads a clock or touches a device. */
const PROTOCOL_MODULES = ["node:buffer", "node:util"];

/** Names by which a parser would wait, know the time or see the process. */
const PROTOCOL_NAMES = new Set([
  ..."async await Date fetch global globalThis performance process Promise".split(" "),
  "queueMicrotask",
  ..."setImmediate setInterval setTimeout Math.random".split(" "),
]);

/** What of `http` is between rooms and the socket, and none of a room's business. */
const BEHIND_ROOMS = ["src/http/access-log", "src/http/engine", "src/http/router"];

/** HTTP is read and written here, by one set of rules: another would see other messages. */
const OTHER_HTTP = /^(?:node:)?(?:https?|http2|_http_\w+)$|^undici$/u;

export const IMPORT_RULES: Readonly<Record<string, ImportRule>> = {
  "imports point down, type imports too": ({ file, target }) => {
    const from = floorOf(file);
    const to = floorOf(target);
    if (from === null || to === null || to < from || partOf(file) === partOf(target)) return null;
    if (ROOM_FOLDERS.includes(partOf(file)!) && roomOf(target) !== null) return null; // next rule
    const where = to > from ? "stands above it" : "stands beside it";
    return `${partOf(target)} ${where}: move what both need below, or hand it in from above`;
  },

  "a room knows no other room": ({ file, target }) => {
    const room = roomOf(file);
    const other = roomOf(target);
    if (room === null || other === null || room === other) return null;
    return `${other} is another room: what several rooms need lies below them, in src/http`;
  },

  "only the registry names rooms": ({ file, target }) => {
    if (roomOf(target) === null || roomOf(file) !== null || file === REGISTRY) return null;
    if (isBelow(file, TESTING)) return null;
    return `${roomOf(target)} is a room: ask ${REGISTRY} for it by name`;
  },

  "a room sees exchanges, not sockets": ({ file, target }) => {
    if (roomOf(file) === null || isTest(file)) return null;
    const behind = [...BEHIND_ROOMS, "src/transport"].find((folder) => isBelow(target, folder));
    if (behind === undefined && target !== "node:net") return null;
    return `a room answers by a Reply (src/http/exchange); ${behind ?? target} is the driver's`;
  },

  "a folder is entered by its index.ts": ({ file, target }) => {
    const folder = path.dirname(target);
    if (!target.startsWith("src/") || isBelow(file, folder)) return null;
    if (path.basename(target) === "index.ts" || OPEN_FOLDERS.includes(folder)) return null;
    return `enter by ${folder}/index.ts, and export there what is missing`;
  },

  "src/testing is for tests": ({ file, target }) => {
    if (!isBelow(target, TESTING) || isTest(file) || isBelow(file, TESTING)) return null;
    return "only *.test.ts and test/ may use it: move what the program needs to its own part";
  },

  "base and protocol need no package": ({ file, target }) => {
    if (isTest(file) || target.startsWith("src/") || target.startsWith("node:")) return null;
    if (!isBelow(file, "src/base") && !isBelow(file, "src/protocol")) return null;
    return `${target} is a package: write the little that is needed, or move up`;
  },

  "HTTP is our own": ({ target }) => {
    if (!OTHER_HTTP.test(target)) return null;
    return `${target} speaks HTTP by other rules than ours: src/http/engine serves it`;
  },

  "protocol touches nothing outside": ({ file, target }) => {
    if (!isBelow(file, "src/protocol") || isTest(file) || !target.startsWith("node:")) return null;
    if (PROTOCOL_MODULES.includes(target)) return null;
    return `${target} is not for parsers: take bytes, hand out events, and let http/engine do it`;
  },
};

/** Parsers are bytes in, events out: no waiting and no clock. */
export function protocolUse({ file, name }: Use): string | null {
  if (!isBelow(file, "src/protocol") || isTest(file) || !PROTOCOL_NAMES.has(name)) return null;
  return `a parser has no \`${name}\`: let the caller wait, or hand in the time`;
}

/** What brings a module in where the rules of imports don't see it. */
export function hiddenImport({ name }: Use): string | null {
  if (!/(?:^|\.)getBuiltinModule$/u.test(name)) return null;
  return `\`${name}\` brings in what no rule sees: write an import`;
}

/** A way round among folders that import each other, as `a → b → a`; null when there is none. */
export function cycleIn(imports: readonly Import[]): string | null {
  const graph = folderGraph(imports);
  const done = new Set<string>();
  const walk = (folder: string, way: string[]): string | null => {
    if (way.includes(folder)) return [...way.slice(way.indexOf(folder)), folder].join(" → ");
    if (done.has(folder)) return null;
    for (const next of graph.get(folder) ?? []) {
      const found = walk(next, [...way, folder]);
      if (found !== null) return found;
    }
    done.add(folder);
    return null;
  };
  for (const folder of graph.keys()) {
    const found = walk(folder, []);
    if (found !== null) return found;
  }
  return null;
}

// A folder and what lies in it are one house: a door re-exports from below, and what is below uses
// the words that lie beside the door.
function folderGraph(imports: readonly Import[]): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const { file, target } of imports) {
    if (!target.startsWith("src/") || isTest(file) || isBelow(file, TESTING)) continue;
    const from = path.dirname(file);
    const to = path.dirname(target);
    if (isBelow(from, to) || isBelow(to, from)) continue;
    graph.set(from, (graph.get(from) ?? new Set()).add(to));
  }
  return graph;
}
