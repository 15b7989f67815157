// The server's two logs, each with its one writer in this process: notices on standard error, or
// where whoever started the server takes them, and the access log where the config has it, which
// may be standard error, too.
import { dirname } from "node:path";
import type { Log } from "../base/log.ts";
import { LogFile, makeFolders } from "../runtime/index.ts";
import type { Lines } from "./orders.ts";

/** Where notices go. */
export type NoticeSink = Pick<LogFile, "close" | "flushSync" | "write" | "writeLines">;

export class ServerLogs {
  readonly notices: NoticeSink;
  #access: LogFile | null = null;
  #place = "off";
  #log: Log | null = null;

  constructor(notices: NoticeSink) {
    this.notices = notices;
  }

  /** Losses of the access log are told to `log`, which writes to `notices`. */
  set log(log: Log) {
    this.#log = log;
  }

  /** Writes what a worker wrote. */
  take({ log, text, count }: Lines): void {
    (log === "notices" ? this.notices : this.#access)?.writeLines(text, count);
  }

  /** Opens the log at `place` ("off", "stderr" or a path) beside the one in use. Throws. */
  open(place: string): LogFile | null {
    if (place === this.#place) return this.#access;
    if (place === "off") return null;
    // One writer a descriptor: two would write into each other's lines.
    if (place === "stderr" && this.notices instanceof LogFile) return this.notices;
    try {
      makeFolders(dirname(place));
      return new LogFile(place, (message) => this.#log?.warn(`access log: ${message}`));
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`the access log ${place} can't be opened: ${message}`, { cause: error });
    }
  }

  /** From now on lines go to `access`, which `open` gave for `place`. */
  async use(place: string, access: LogFile | null): Promise<void> {
    const before = this.#access;
    this.#access = access;
    this.#place = place;
    if (before !== access && before !== this.notices) await before?.close();
  }

  /** Opens the access log's file anew. One that can't be is told, and goes on as it was. */
  async reopen(): Promise<void> {
    try {
      await this.#access?.reopen();
    } catch (error) {
      this.#log?.error(`the access log can't be opened anew: ${(error as Error).message}`);
    }
  }

  flushSync(): void {
    this.#access?.flushSync();
    this.notices.flushSync();
  }

  async close(): Promise<void> {
    await this.#access?.close();
    await this.notices.close();
  }
}
