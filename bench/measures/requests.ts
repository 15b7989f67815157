// The requests of the rows, with what is a right answer to each.
import { readFileSync } from "node:fs";
import path from "node:path";
import { ask } from "../ask.ts";
import { LISTED_FILES } from "../material.ts";
import { HELLO } from "../servers/contestant.ts";
import type { Request } from "./under-load.ts";

export const TINY: Request = {
  path: "/hello",
  status: 200,
  complaint: ({ body }) =>
    body.toString() === HELLO ? null : `is ${JSON.stringify(body.toString())}`,
};

/** As TINY, by code of an app's: at once, and behind a promise. */
export const APP_HELLO: Request = { ...TINY, path: "/app/hello" };
export const APP_ASYNC: Request = { ...TINY, path: "/app/async" };

/** A session that nobody asks for, and one that is read: one of those that the store has. */
export const APP_NO_SESSION: Request = { ...TINY, path: "/app/no-session" };
export const APP_SESSION: Request = {
  ...TINY,
  path: "/app/session",
  headers: async (port) => {
    const cookie = (await ask(port, "/app/session")).headers["set-cookie"]?.[0];
    if (cookie === undefined) throw new Error("the answer to /app/session has no cookie");
    return { Cookie: cookie.slice(0, cookie.indexOf(";")) };
  },
};

export const ONE_KB = file("/1kb.html");

/** A whole file. */
export function file(name: string): Request {
  return { path: name, status: 200, complaint: ({ body }, root) => unlike(body, root, name) };
}

/** A request for `name` on a connection of its own. */
export function fileAndClose(name: string): Request {
  return { ...file(name), headers: async () => ({ Connection: "close" }) };
}

/** A request that names the validator which the server gave before. */
export function notModified(name: string): Request {
  return {
    path: name,
    status: 304,
    headers: async (port) => {
      const { etag } = (await ask(port, name)).headers;
      if (etag === undefined) throw new Error(`the answer to ${name} has no ETag`);
      return { "If-None-Match": etag };
    },
    complaint: ({ body }) => (body.length === 0 ? null : "has a body"),
  };
}

/** The first `length` bytes of a file. */
export function beginningOf(name: string, length: number): Request {
  return {
    path: name,
    status: 206,
    headers: async () => ({ Range: `bytes=0-${length - 1}` }),
    complaint: ({ body }, root) => unlike(body, root, name, length),
  };
}

export const MISSING: Request = { path: "/none.html", status: 404, complaint: () => null };

export const LISTING: Request = {
  path: "/list/",
  status: 200,
  complaint: ({ body }) => {
    const names = new Set(body.toString().match(/file-\d\d\.html/gu));
    return names.size === LISTED_FILES ? null : `names ${names.size} files`;
  },
};

function unlike(body: Buffer, root: string, name: string, length?: number): string | null {
  const expected = readFileSync(path.join(root, name)).subarray(0, length);
  return expected.equals(body) ? null : `has other content than the file, ${body.length} bytes`;
}
