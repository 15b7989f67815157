// Whether what a server said to bytes that nobody meant is allowed: answers of the documented
// table, well framed, and not a byte of what lies outside the root. How it took the request is not
// judged.
import { BUILT_IN } from "../../src/server/index.ts";
import { SECRET } from "../corpus/root.ts";

const GOOD = [100, 200, 204, 206, 301, 304, 308];
/** The only errors of its own that bad input may get out of a server. */
const OWN_ERRORS = [501, 505];

const ALLOWED = new Set([
  ...GOOD,
  ...OWN_ERRORS,
  ...Object.values(BUILT_IN.failures)
    .map((row) => row.status)
    .filter((status) => status < 500),
]);

const HEAD = /^HTTP\/1\.1 (\d{3}) [ -~]*(?:\r\n[!-9;-~]+: [\t -~\x80-\xff]*)*$/;

/** Null when `wire` (latin1) is in order, else what is not. */
export function problemIn(wire: string): string | null {
  if (wire.includes(SECRET)) return "a file outside the root was served";
  for (let at = 0; at < wire.length;) {
    const headEnd = wire.indexOf("\r\n\r\n", at);
    if (headEnd < 0) return `no answer: ${shown(wire.slice(at))}`;
    const head = wire.slice(at, headEnd);
    const status = HEAD.exec(head)?.[1];
    if (status === undefined) return `no head of an answer: ${shown(head)}`;
    if (!ALLOWED.has(Number(status))) return `status ${status}`;
    const length = bodyLength(wire, headEnd + 4, head);
    if (length === null) return `the body is cut short: ${shown(head)}`;
    at = headEnd + 4 + length;
  }
  return null;
}

/** How long the body at `at` is, null where it is not all there. */
function bodyLength(wire: string, at: number, head: string): number | null {
  // An answer to HEAD has no body whatever it says, and a mutant's method is not known here.
  if (at === wire.length || wire.startsWith("HTTP/1.", at)) return 0;
  if (/^HTTP\/1\.1 (?:1\d\d|204|304) /.test(head)) return 0;
  const length = /\r\ncontent-length: (\d+)$/im.exec(head)?.[1];
  if (length !== undefined) return at + Number(length) <= wire.length ? Number(length) : null;
  if (!/\r\ntransfer-encoding: chunked$/im.test(head)) return wire.length - at;
  return chunkedLength(wire, at);
}

function chunkedLength(wire: string, at: number): number | null {
  for (let next = at; ;) {
    const lineEnd = wire.indexOf("\r\n", next);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(wire.slice(next, lineEnd), 16);
    if (size === 0) return wire.startsWith("\r\n", lineEnd + 2) ? lineEnd + 4 - at : null;
    next = lineEnd + 2 + size + 2;
    if (Number.isNaN(size) || next > wire.length) return null;
  }
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}
