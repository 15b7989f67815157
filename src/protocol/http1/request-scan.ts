// What scans a request's head. A parser has one only while a head comes in, and mostly that is for
// one call: so one is spare for all, and a connection that waits holds none (0.4 KiB each).
import { HeadScanner } from "./head-scanner.ts";
import { RequestLine } from "./request-line.ts";

/** Bounds of a head, in bytes. */
interface ScanLimits {
  readonly headerBytes: number;
  readonly targetBytes: number;
}

export interface RequestScan {
  readonly limits: ScanLimits;
  readonly line: RequestLine;
  readonly head: HeadScanner;
}

let spare: RequestScan | null = null;

/** At the start of a head. */
export function takeScan(limits: ScanLimits): RequestScan {
  const scan = spare;
  spare = null;
  if (scan !== null && scan.limits === limits) return scan;
  const line = new RequestLine(limits.targetBytes);
  const fieldBytesMax = limits.headerBytes;
  const head = new HeadScanner({ startLine: line, fieldBytesMax, tooLarge: "headTooLarge" });
  return { limits, line, head };
}

/** Gives `scan` back, whose head is complete and was read. */
export function giveScan(scan: RequestScan): void {
  scan.head.restart();
  spare = scan;
}
