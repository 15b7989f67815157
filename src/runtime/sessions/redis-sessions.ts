// Sessions in Redis or Valkey, so that many machines share them: each worker asks by itself.
import { SessionsUnavailable } from "./listed.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { END, LOAD, WRITE } from "./redis-scripts.ts";
import { checkUser } from "./session-values.ts";
import { digestOf, noteMs, type SessionBounds } from "./settings.ts";
import type { SaveOutcome, SessionChanges, SessionStore, StoredSession } from "./store.ts";

const KEY_START = '"';

export class RedisSessions implements SessionStore {
  bounds: SessionBounds;
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection, bounds: SessionBounds) {
    this.#redis = redis;
    this.bounds = bounds;
  }

  async load(id: string): Promise<StoredSession | null> {
    const args = [...timesOf(this.bounds), String(noteMs(this.bounds)), digestOf(id)];
    const fields = (await this.#redis.run(LOAD, args)) as string[] | null;
    return fields === null ? null : sessionOf(fields);
  }

  create(id: string, changes: SessionChanges): Promise<SaveOutcome> {
    const digest = digestOf(id);
    return this.#write("create", digest, digest, changes);
  }

  save(id: string, changes: SessionChanges): Promise<SaveOutcome> {
    return this.rename(id, id, changes);
  }

  rename(id: string, newId: string, changes: SessionChanges): Promise<SaveOutcome> {
    return this.#write("save", digestOf(id), digestOf(newId), changes);
  }

  async end(id: string): Promise<void> {
    await this.#redis.run(END, [...timesOf(this.bounds), digestOf(id)]);
  }

  /** Nothing is asked of the main thread. */
  receive(): void {}

  close(): void {
    this.#redis.close();
  }

  async #write(
    how: "create" | "save",
    digest: string,
    newDigest: string,
    { user, values }: SessionChanges,
  ): Promise<SaveOutcome> {
    checkUser(user);
    const { bytesMax, strangersMax } = this.bounds;
    const userArgs =
      user === undefined ? ["keep", ""] : user === null ? ["clear", ""] : ["set", user];
    const args = [...timesOf(this.bounds), String(bytesMax), String(strangersMax), how];
    args.push(digest, newDigest, ...userArgs);
    for (const [key, value] of values) args.push(JSON.stringify(key), value ?? "");
    const outcome = (await this.#redis.run(WRITE, args)) as SaveOutcome | "taken";
    if (outcome === "taken") throw new SessionsUnavailable("there is a session of this id");
    return outcome;
  }
}

export function timesOf({ idleMs, absoluteMs }: SessionBounds): string[] {
  return [String(idleMs), String(absoluteMs)];
}

function sessionOf(fields: readonly string[]): StoredSession {
  const values = new Map<string, string>();
  let user: string | null = null;
  let createdMs = 0;
  for (let at = 0; at < fields.length; at += 2) {
    const [name, value] = [fields[at]!, fields[at + 1]!];
    if (name.startsWith(KEY_START)) values.set(JSON.parse(name) as string, value);
    else if (name === "user") user = value;
    else if (name === "createdMs") createdMs = Number(value);
  }
  return { values, user, createdMs };
}
