// The rows of the table.
import { besideCold, besideWarm } from "./measures/beside-downloads.ts";
import { idle } from "./measures/idle.ts";
import {
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
import { start } from "./measures/start.ts";
import { twoWorkers } from "./measures/two-workers.ts";
import { type UnderLoad, underLoad } from "./measures/under-load.ts";

const LOADS: readonly UnderLoad[] = [
  { name: "tiny", title: "tiny reply", request: TINY },
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

export const ROWS: readonly Row[] = [
  ...LOADS.map(underLoad),
  besideWarm,
  besideCold,
  idle,
  start,
  twoWorkers,
];

/** Whether `rows` need the files of 100 MB. */
export function needLargeFiles(rows: readonly Row[]): boolean {
  return rows.some(({ name }) => ["100mb", "warm", "cold"].includes(name));
}
