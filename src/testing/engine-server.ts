// An engine on a free port of this machine, with a clock that the test turns.
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { Engine, type EngineSettings, type FinishedExchange } from "../http/engine/index.ts";
import { Reply, type Handler } from "../http/exchange/index.ts";
import { TimerWheel } from "../runtime/index.ts";
import { listen } from "../transport/index.ts";
import { RawConnection } from "./raw-connection.ts";

/** A clock that stands until it is turned. */
export class TurnedClock implements Clock {
  #ms = Date.UTC(2026, 0, 2, 3, 4, 5);

  nowMs(): number {
    return this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  turn(ms: number): void {
    this.#ms += ms;
  }
}

type Overrides = {
  readonly limits?: Partial<EngineSettings["limits"]>;
  readonly timeouts?: Partial<EngineSettings["timeouts"]>;
  readonly requestId?: boolean;
};

export interface EngineServer {
  readonly engine: Engine;
  readonly port: number;
  /** Every finished exchange so far. */
  readonly finished: FinishedExchange[];
  /** What the log was told above info. */
  readonly notices: string[];
  open(): Promise<RawConnection>;
  /** Lets `ms` go by for the engine and fires what falls due, half a second at a time. */
  pass(ms: number): Promise<void>;
}

/** Runs `use` with an engine whose requests `dispatch` answers; all of it ends afterwards. */
export async function withEngine(
  dispatch: Handler,
  use: (server: EngineServer) => Promise<void>,
  overrides: Overrides = {},
): Promise<void> {
  const clock = new TurnedClock();
  const wheel = new TimerWheel(clock);
  const notices: string[] = [];
  const finished: FinishedExchange[] = [];
  const settings: EngineSettings = {
    limits: {
      requestsPerConnection: 1000,
      headerBytes: 16384,
      targetBytes: 8192,
      bodyBytes: 1 << 20,
      ...overrides.limits,
    },
    timeouts: {
      header: 10_000,
      body: 30_000,
      keepAlive: 65_000,
      write: 60_000,
      handler: 60_000,
      ...overrides.timeouts,
    },
    requestId: overrides.requestId ?? false,
    dispatch,
    failureReply: (failure) =>
      new Reply(statusOf(failure.code), [...failure.fields, ["X-Failure", failure.code]]),
    onFinished: (one) => finished.push(one),
  };
  const engine = new Engine({ clock, wheel, log: collecting(notices) }, settings);
  const listener = await listen({ kind: "tcp", host: "127.0.0.1", port: 0 }, (socket) =>
    engine.accept(socket, false, () => undefined),
  );
  const { port } = listener;
  const opened: RawConnection[] = [];
  const open = async (): Promise<RawConnection> => {
    const connection = await RawConnection.open(port);
    opened.push(connection);
    return connection;
  };
  try {
    await use({ engine, port, finished, notices, open, pass: (ms) => pass(clock, wheel, ms) });
  } finally {
    for (const connection of opened) connection.close();
    engine.destroy();
    await listener.close();
    wheel.stop();
  }
}

async function pass(clock: TurnedClock, wheel: TimerWheel, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    clock.turn(Math.min(500, left));
    wheel.advance();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function statusOf(code: string): number {
  const statuses: Record<string, number> = {
    headTimeout: 408,
    bodyTimeout: 408,
    bodyTooLarge: 413,
    internalError: 500,
    handlerTimeout: 504,
    rerouteLoop: 500,
    connectRefused: 501,
    headTooLarge: 431,
    targetTooLong: 414,
  };
  return statuses[code] ?? 400;
}

function collecting(notices: string[]): Log {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (message) => notices.push(message),
    error: (message) => notices.push(message),
  };
}
