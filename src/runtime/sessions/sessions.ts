// Sessions by their settings: the end of the main thread, that of a worker, and both in one.
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { SessionRegister } from "./listed.ts";
import type { FromSessions, ToSessions } from "./messages.ts";
import { RedisConnection, redisPackage } from "./redis-connection.ts";
import { RedisRegister } from "./redis-register.ts";
import { RedisSessions } from "./redis-sessions.ts";
import { SessionClient } from "./session-client.ts";
import { SessionKeeper } from "./session-keeper.ts";
import { isRedis, type SessionBounds, type SessionSettings } from "./settings.ts";
import type { SessionStore } from "./store.ts";

export interface SessionParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: SessionSettings;
  /** The data folder; null: there is none. */
  readonly folder: string | null;
}

/** The main thread's end. */
export interface MainSessions extends SessionRegister {
  /** From the next session on. The store stays what it is. */
  bounds: SessionBounds;
  receive(threadId: number, message: ToSessions): void;
  close(): void;
}

/** A worker's end. */
export interface WorkerSessions extends SessionStore {
  bounds: SessionBounds;
  receive(answers: FromSessions): void;
  close(): void;
}

type Post<Message extends unknown[]> = (...message: Message) => void;

/** Throws in words where a package is missing. What was kept before is gone on with. */
export function mainSessions(
  { clock, log, settings, folder }: SessionParts,
  post: Post<[threadId: number, answers: FromSessions]>,
): MainSessions {
  if (isRedis(settings.store)) {
    redisPackage();
    return new RedisRegister(new RedisConnection(settings.store, log), settings);
  }
  const keeper = new SessionKeeper({ clock, log, settings, folder, post });
  keeper.start();
  return keeper;
}

export function workerSessions(
  { clock, log, settings, folder }: SessionParts,
  post: Post<[message: ToSessions]>,
): WorkerSessions {
  if (!isRedis(settings.store)) return new SessionClient({ clock, settings, folder, post });
  return new RedisSessions(new RedisConnection(settings.store, log), settings);
}

/** Both ends in one thread. */
export interface LocalSessions {
  readonly store: SessionStore;
  readonly register: SessionRegister;
  setBounds(bounds: SessionBounds): void;
  close(): void;
}

/** For a server without workers, and for tests. */
export function sessionsWithoutWorkers(parts: SessionParts): LocalSessions {
  const register = mainSessions(parts, (_, answers) => store.receive(answers));
  const store = workerSessions(parts, (message) => register.receive(0, message));
  return {
    store,
    register,
    setBounds: (bounds) => {
      register.bounds = bounds;
      store.bounds = bounds;
    },
    close: () => {
      register.close();
      store.close();
    },
  };
}
