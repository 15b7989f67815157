// The main thread as a worker sees it: whom it asks for what nobody else can tell. At the other end
// is the switchboard.
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import {
  AccountClient,
  CoordinatorClient,
  EventsClient,
  workerSessions,
  type WorkerSessions,
} from "../runtime/index.ts";
import type { Config } from "./config.ts";
import type { Asked, FromSwitchboard } from "./orders.ts";
import { sessionSettings } from "./session-table.ts";

export interface MainThreadParts {
  readonly log: Log;
  /** Asks, or tells. */
  readonly note: (asked: Asked) => void;
  readonly config: Config;
  /** The data folder, where there is one. */
  readonly folder: string | undefined;
}

export class MainThread {
  readonly coordinator: CoordinatorClient;
  readonly account: AccountClient;
  readonly events: EventsClient;
  readonly sessions: WorkerSessions;

  constructor({ log, note, config, folder }: MainThreadParts) {
    this.coordinator = new CoordinatorClient((message) => note({ kind: "coordinator", message }));
    this.account = new AccountClient((message) => note({ kind: "account", message }));
    this.events = new EventsClient(systemClock, (message) => note({ kind: "event", message }));
    const settings = sessionSettings(config.session);
    const parts = { clock: systemClock, log, settings, folder: folder ?? null };
    this.sessions = workerSessions(parts, (message) => note({ kind: "session", message }));
  }

  /** A reload goes through. */
  adopt({ session }: Config): void {
    this.sessions.bounds = sessionSettings(session);
  }

  /** Takes what it answers. */
  receive(answer: FromSwitchboard): void {
    if (answer.kind === "coordinator") this.coordinator.receive(answer.message);
    else if (answer.kind === "account") this.account.receive(answer.message);
    else this.sessions.receive(answer.message);
  }
}
