// One connection to Redis or Valkey, which comes back by itself. Whoever asks is answered within a
// bound: while there is no connection at once, with why.
import { createRequire } from "node:module";
import type * as Redis from "@redis/client";
import type { Log } from "../../base/log.ts";
import { SessionsUnavailable } from "./listed.ts";
import type { Script } from "./redis-scripts.ts";

const ANSWER_MS = 3000;
const CONNECT_MS = 3000;
const RETRY_MS_FIRST = 50;
const RETRY_MS_MAX = 1000;
const COMMANDS_MAX = 10_000;

type Client = ReturnType<typeof clientOf>;

export class RedisConnection {
  readonly #url: string;
  readonly #log: Log;
  readonly #answerMs: number;
  #client: Client | null = null;
  /** Resolves when the first try to connect went well, or did not. */
  #tried = Promise.resolve();
  #isDown = false;
  #why = "it is not connected";

  /** Connects when it is asked for something. */
  constructor(url: string, log: Log, { answerMs = ANSWER_MS }: { answerMs?: number } = {}) {
    this.#url = url;
    this.#log = log;
    this.#answerMs = answerMs;
  }

  /** Rejects with a SessionsUnavailable, as `run`. */
  async send(...command: readonly string[]): Promise<unknown> {
    const client = (this.#client ??= this.#opened());
    try {
      const answer = await this.#inTime(client, command);
      // Not when it is connected: what stands before a Redis that is down may let in.
      if (this.#isDown) this.#log.info("sessions: Redis answers again");
      this.#isDown = false;
      return answer;
    } catch (error) {
      const { message } = error as Error;
      const why = client.isReady ? message : this.#why;
      throw new SessionsUnavailable(`Redis: ${why}`);
    }
  }

  /** Redis knows a script by its digest once it was sent it; what restarts forgets it. */
  async run({ text, sha1 }: Script, args: readonly string[]): Promise<unknown> {
    try {
      return await this.send("EVALSHA", sha1, "0", ...args);
    } catch (error) {
      if (!(error as Error).message.startsWith("Redis: NOSCRIPT")) throw error;
      return this.send("EVAL", text, "0", ...args);
    }
  }

  close(): void {
    this.#client?.destroy();
    this.#client = null;
  }

  async #inTime(client: Client, command: readonly string[]): Promise<unknown> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.#why = `no answer within ${this.#answerMs / 1000} s`;
      late.reject(new Error(this.#why));
      this.#drop(client);
    }, this.#answerMs);
    const answer = this.#tried.then(() => client.sendCommand(command));
    answer.catch(() => undefined); // it may fail when nobody waits any more
    try {
      return await Promise.race([answer, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The other end may have vanished: what is asked next goes by another connection. */
  #drop(client: Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#tellDown();
    client.destroy();
  }

  #tellDown(): void {
    if (!this.#isDown) this.#log.warn(`sessions: Redis can't be reached: ${this.#why}`);
    this.#isDown = true;
  }

  #opened(): Client {
    const client = clientOf(this.#url);
    const tried = Promise.withResolvers<void>();
    this.#tried = tried.promise;
    client.on("ready", () => tried.resolve());
    client.on("error", (error: Error) => {
      this.#why = wordsOf(error);
      this.#tellDown();
      tried.resolve();
    });
    client.connect().catch(() => undefined); // the event has told
    return client;
  }
}

/** Throws in words where the optional package is missing. */
export function redisPackage(): typeof Redis {
  try {
    return createRequire(import.meta.url)("@redis/client") as typeof Redis;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    const words = "session.store is Redis, and the package @redis/client is not installed";
    throw new Error(`${words}: npm install @redis/client`, { cause: error });
  }
}

function clientOf(url: string) {
  return redisPackage().createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    commandsQueueMaxLength: COMMANDS_MAX,
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries) => Math.min(RETRY_MS_MAX, RETRY_MS_FIRST * 2 ** retries),
    },
  });
}

/** A name with several addresses fails with an error that has no words of its own. */
function wordsOf(error: Error): string {
  if (error instanceof AggregateError) return (error.errors[0] as Error).message;
  return error.message;
}
