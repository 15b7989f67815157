// The rows of the table.
import { besideCold, besideWarm } from "./measures/beside-downloads.ts";
import { idle } from "./measures/idle.ts";
import {
  APP_ASYNC,
  APP_HELLO,
  APP_NO_SESSION,
  APP_SESSION,
  beginningOf,
  file,
  fileAndClose,
  LISTING,
  MISSING,
  notModified,
  ONE_KB,
  TINY,
} from "./measures/requests.ts";
import type { Row } from "./measures/row.ts";
import { SCRIPTED, scriptsUnderLoad } from "./measures/scripts-under-load.ts";
import { start } from "./measures/start.ts";
import { twoWorkers } from "./measures/two-workers.ts";
import { type Uploading, uploading } from "./measures/uploading.ts";
import { uploadsAtOnce } from "./measures/uploads-at-once.ts";
import { type UnderLoad, underLoad } from "./measures/under-load.ts";

export const LOADS: readonly UnderLoad[] = [
  { name: "tiny", title: "tiny reply", request: TINY },
  { name: "app-hello", title: "tiny reply by an app", request: APP_HELLO },
  { name: "app-async", title: "the same, behind a promise", request: APP_ASYNC },
  { name: "app-no-session", title: "by an app that has sessions", request: APP_NO_SESSION },
  { name: "app-session", title: "by one that reads a session", request: APP_SESSION },
  { name: "1kb", title: "1 KB file", request: ONE_KB },
  { name: "10kb", title: "10 KB file", request: file("/10kb.html") },
  { name: "1mb", title: "1 MB file", request: file("/1mb.bin"), connections: 8 },
  { name: "100mb", title: "100 MB file", request: file("/100mb.bin"), connections: 2, per: "MB" },
  { name: "304", title: "304 to the server's own ETag", request: notModified("/1kb.html") },
  { name: "range", title: "first 1 KB of 1 MB", request: beginningOf("/1mb.bin", 1024) },
  { name: "404", title: "404", request: MISSING },
  { name: "list", title: "listing of 100 files", request: LISTING },
  { name: "close", title: "1 KB file, a connection each", request: fileAndClose("/1kb.html") },
  {
    name: "many",
    title: "10 000 files of 1 KB in turn",
    request: file("/many/00/00.html"),
    script: "walk.lua",
  },
];

const MB = 1024 * 1024;

/** 200 MB a round, and a quarter of it where each is waited for until it is on the disk. */
export const UPLOADS: readonly Uploading[] = [
  { ...put("put-1mb", "PUT of 1 MB"), bytes: MB, connections: 8, count: 200 },
  { ...put("put-100mb", "PUT of 100 MB"), bytes: 100 * MB, connections: 1, count: 2 },
  { ...put("put-durable", "PUT of 1 MB, hashed and flushed", "durable"), count: 50 },
  { ...put("multipart", "form with a file of 1 MB", "form"), count: 200 },
];

function put(
  name: string,
  title: string,
  kind: Uploading["kind"] = "put",
): Omit<Uploading, "count"> {
  return { name, title, kind, bytes: MB, connections: 8 };
}

export const ROWS: readonly Row[] = [
  ...LOADS.map(underLoad),
  ...UPLOADS.map(uploading),
  ...SCRIPTED.map(scriptsUnderLoad),
  uploadsAtOnce,
  besideWarm,
  besideCold,
  idle,
  start,
  twoWorkers,
];

/** Whether `rows` need the files of 100 MB. */
export function needLargeFiles(rows: readonly Pick<Row, "name">[]): boolean {
  return rows.some(({ name }) => ["100mb", "warm", "cold"].includes(name));
}
