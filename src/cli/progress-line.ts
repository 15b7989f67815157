// How far a file is, on one line of a terminal that is written over and gone at the end. Anywhere
// else nothing is written: a log is no place for a bar.
import { basename } from "node:path";
import type { Clock } from "../base/clock.ts";
import { printable } from "../config/index.ts";
import { durationText, sizeText } from "./control-text.ts";
import type { Terminal } from "./terminal.ts";

const REDRAW_MS = 100;
/** Before that, buffers on the way make any guess a wrong one. */
const GUESS_MS = 1000;
const BAR_COLUMNS = 24;
const NAME_COLUMNS_MIN = 8;
// Characters of two columns: those of East Asia in their full width, and pictures. A line that is
// wider than the terminal is on two, of which only the last can be written over.
const WIDE = new RegExp(
  String.raw`[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f` +
    String.raw`\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1f000}-\u{3fffd}]|` +
    String.raw`\p{Emoji_Presentation}`,
  "u",
);
const CLEAR = "\r\x1b[K";

export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  #name = "";
  #beganMs = 0;
  #drawnMs = -Infinity;
  #drawn = false;

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  begin(file: string): void {
    this.#name = printable(basename(file));
    this.#beganMs = this.#clock.monotonicMs();
    this.#drawnMs = -Infinity;
  }

  update(sentBytes: number, totalBytes: number): void {
    const columns = this.#terminal.errColumns;
    if (columns === null) return;
    const nowMs = this.#clock.monotonicMs();
    // The last one always: it stands while the server flushes.
    if (sentBytes < totalBytes && nowMs - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = nowMs;
    this.#drawn = true;
    const ms = nowMs - this.#beganMs;
    this.#terminal.err(CLEAR + progressText(this.#name, { sentBytes, totalBytes, ms, columns }));
  }

  clear(): void {
    if (this.#drawn) this.#terminal.err(CLEAR);
    this.#drawn = false;
  }
}

export interface Progress {
  readonly sentBytes: number;
  readonly totalBytes: number;
  /** Since its beginning. */
  readonly ms: number;
  readonly columns: number;
}

/** `name [####....]  50 %  1.2 MiB/s  3 s left`, never as long as the terminal is wide. */
export function progressText(
  name: string,
  { sentBytes, totalBytes, ms, columns }: Progress,
): string {
  const part = totalBytes === 0 ? 1 : sentBytes / totalBytes;
  const perSecond = ms > 0 ? (sentBytes / ms) * 1000 : 0;
  const leftSeconds = perSecond > 0 ? Math.ceil((totalBytes - sentBytes) / perSecond) : null;
  const filled = Math.floor(part * BAR_COLUMNS);
  const bar = "#".repeat(filled) + ".".repeat(BAR_COLUMNS - filled);
  const percent = `${Math.floor(part * 100)} %`.padStart(5);
  const speed = `${sizeText(perSecond)}/s`;
  const wait = leftSeconds === null || ms < GUESS_MS ? "" : `  ${durationText(leftSeconds)} left`;
  const rest = part === 1 ? `${speed}  waiting for the server` : `${speed}${wait}`;
  const text = ` [${bar}] ${percent}  ${rest}`;
  const room = Math.max(NAME_COLUMNS_MIN, columns - 1 - text.length);
  return cut(cut(name, room, "…") + text, columns - 1, "");
}

/** `text`, or as much of it as fits into so many columns with `end` behind it. */
function cut(text: string, columnsMax: number, end: string): string {
  let columns = 0;
  let fitting = 0;
  for (const character of text) {
    columns += WIDE.test(character) ? 2 : 1;
    if (columns > columnsMax) return text.slice(0, fitting) + end;
    if (columns <= columnsMax - end.length) fitting += character.length;
  }
  return text;
}
