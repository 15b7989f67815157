// The main thread's hold on sessions in Redis: what `portico session` asks for. It connects when it
// is asked.
import {
  LISTED_MAX,
  type ListedSession,
  type SessionList,
  type SessionRegister,
  type WhichSessions,
} from "./listed.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { END, END_USER, SESSION_PREFIX } from "./redis-scripts.ts";
import { timesOf } from "./redis-sessions.ts";
import { expiresMs, type SessionBounds } from "./settings.ts";

const SCANNED_AT_ONCE = "1000";
/** One that gets a new id while all are looked at may be missed; it is not again and again. */
const PASSES_MAX = 10;

export class RedisRegister implements SessionRegister {
  bounds: SessionBounds;
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection, bounds: SessionBounds) {
    this.#redis = redis;
    this.bounds = bounds;
  }

  async list(user: string | null): Promise<SessionList> {
    const digests = user === null ? await this.#digests("") : await this.#digestsOf(user);
    // The answer to TIME is seconds and microseconds.
    const [seconds] = (await this.#redis.send("TIME")) as string[];
    const nowMs = Number(seconds) * 1000;
    const found = await Promise.all(
      digests.slice(0, LISTED_MAX).map((digest) => this.#listed(digest)),
    );
    const sessions = found.filter((one) => one !== null && one.expiresMs > nowMs);
    const gone = found.length - sessions.length;
    sessions.sort((one, other) => other!.usedMs - one!.usedMs);
    return { sessions: sessions as ListedSession[], total: digests.length - gone };
  }

  async end(which: WhichSessions): Promise<number | "several"> {
    if ("user" in which) {
      const args = [...timesOf(this.bounds), which.user];
      return (await this.#redis.run(END_USER, args)) as number;
    }
    if ("all" in which) return this.#endAll();
    const digests = await this.#digests(which.digest);
    return digests.length > 1 ? "several" : this.#end(digests);
  }

  /** Workers ask Redis themselves: nothing is posted. */
  receive(): void {}

  close(): void {
    this.#redis.close();
  }

  /** Until a look at all finds none. */
  async #endAll(): Promise<number> {
    let ended = 0;
    for (let pass = 0; pass < PASSES_MAX; pass += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one pass behind the other
      const digests = await this.#digests("");
      if (digests.length === 0) break;
      // oxlint-disable-next-line no-await-in-loop -- one pass behind the other
      ended += await this.#end(digests);
    }
    return ended;
  }

  async #end(digests: readonly string[]): Promise<number> {
    let ended = 0;
    const atOnce = Number(SCANNED_AT_ONCE);
    for (let at = 0; at < digests.length; at += atOnce) {
      const some = digests.slice(at, at + atOnce);
      // oxlint-disable-next-line no-await-in-loop -- so many at once
      const counts = await Promise.all(
        some.map((digest) => this.#redis.run(END, [...timesOf(this.bounds), digest])),
      );
      ended += (counts as number[]).reduce((sum, count) => sum + count, 0);
    }
    return ended;
  }

  async #listed(digest: string): Promise<ListedSession | null> {
    const fields = ["user", "createdMs", "usedMs", "bytes"];
    const found = await this.#redis.send("HMGET", `${SESSION_PREFIX}${digest}`, ...fields);
    const [user, created, used, bytes] = found as (string | null)[];
    if (created === null) return null;
    const times = { createdMs: Number(created), usedMs: Number(used) };
    const expires = expiresMs(times, this.bounds);
    return { digest, user: user!, ...times, expiresMs: expires, bytes: Number(bytes) };
  }

  async #digestsOf(user: string): Promise<string[]> {
    const index = `portico:user:${user}`;
    return (await this.#redis.send("ZREVRANGE", index, "0", "-1")) as string[];
  }

  /** All that begin so. Redis may tell of one twice. */
  async #digests(start: string): Promise<string[]> {
    const digests = new Set<string>();
    const match = ["MATCH", `${SESSION_PREFIX}${start}*`, "COUNT", SCANNED_AT_ONCE];
    let cursor = "0";
    do {
      // oxlint-disable-next-line no-await-in-loop -- each look says where the next begins
      const answer = await this.#redis.send("SCAN", cursor, ...match);
      const [next, keys] = answer as [string, string[]];
      for (const key of keys) digests.add(key.slice(SESSION_PREFIX.length));
      cursor = next;
    } while (cursor !== "0");
    return [...digests];
  }
}
