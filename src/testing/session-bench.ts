// Sessions of one kind, with the main thread's end and those of two workers, in one thread: what
// passes between them passes by copies, a turn of the loop later, as between threads.
import { systemClock, type Clock } from "../base/clock.ts";
import {
  mainSessions,
  workerSessions,
  type MainSessions,
  type SessionChanges,
  type SessionSettings,
  type WorkerSessions,
} from "../runtime/index.ts";
import { noRedis, withRedis } from "./redis-server.ts";
import { LogNotes } from "./store-bench.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

export const SESSION_STORE_SETTINGS: SessionSettings = {
  store: "sqlite",
  idleMs: 30 * 60_000,
  absoluteMs: 30 * 24 * 60 * 60_000,
  bytesMax: 64 * 1024,
  strangersMax: 100_000,
};

export interface SessionBenchOptions {
  readonly settings?: Partial<SessionSettings>;
  readonly clock?: Clock;
  /** Null: there is none. */
  readonly folder?: string | null;
}

export class SessionBench {
  readonly log = new LogNotes();
  readonly main: MainSessions;
  readonly one: WorkerSessions;
  readonly two: WorkerSessions;
  /** How many messages of workers came. */
  told = 0;

  constructor({ settings, clock = systemClock, folder = null }: SessionBenchOptions = {}) {
    const all = { ...SESSION_STORE_SETTINGS, ...settings };
    const parts = { clock, log: this.log, settings: all, folder };
    this.main = mainSessions(parts, (threadId, answers) => {
      const copy = structuredClone(answers);
      setImmediate(() => (threadId === 1 ? this.one : this.two).receive(copy));
    });
    const worker = (threadId: number): WorkerSessions =>
      workerSessions(parts, (message) => {
        this.told += 1;
        const copy = structuredClone(message);
        setImmediate(() => this.main.receive(threadId, copy));
      });
    this.one = worker(1);
    this.two = worker(2);
  }

  close(): void {
    this.main.close();
    this.one.close();
    this.two.close();
  }
}

type UseOfSessions = (bench: SessionBench) => Promise<void>;

/** One kind of store, each time with nothing in it. */
export interface SessionWay {
  readonly name: string;
  readonly skip: string | false;
  run(settings: Partial<SessionSettings>, use: UseOfSessions): Promise<void>;
}

async function withBench(options: SessionBenchOptions, use: UseOfSessions): Promise<void> {
  const bench = new SessionBench(options);
  try {
    await use(bench);
  } finally {
    bench.close();
  }
}

export const SESSION_WAYS: readonly SessionWay[] = [
  {
    name: "SQLite",
    skip: false,
    run: (settings, use) => withTemporaryFolder((folder) => withBench({ settings, folder }, use)),
  },
  {
    name: "memory",
    skip: false,
    run: (settings, use) => withBench({ settings: { ...settings, store: "memory" } }, use),
  },
  {
    name: "Redis",
    skip: noRedis,
    run: (settings, use) =>
      withRedis(({ url }) => withBench({ settings: { ...settings, store: url } }, use)),
  },
];

/** Changes of values, as what `JSON.stringify` makes of them; undefined: the key goes. */
export function changesTo(values: Record<string, unknown>, user?: string | null): SessionChanges {
  const texts = Object.entries(values).map(([key, value]): [string, string | null] => [
    key,
    value === undefined ? null : JSON.stringify(value),
  ]);
  return { values: new Map(texts), ...(user === undefined ? {} : { user }) };
}
