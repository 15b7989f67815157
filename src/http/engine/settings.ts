// What the engine is told from outside: bounds and deadlines that a reload may exchange, what
// answers a request, and who is told of finished ones.
import type { Failure } from "../../base/failure.ts";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { TimerWheel } from "../../runtime/index.ts";
import type { AccessFacts } from "../access-log/index.ts";
import type { Handler, Reply } from "../exchange/index.ts";

export interface Limits {
  readonly requestsPerConnection: number;
  readonly headerBytes: number;
  readonly targetBytes: number;
  readonly bodyBytes: number;
}

/** All in milliseconds. */
export interface Timeouts {
  readonly header: number;
  readonly body: number;
  readonly keepAlive: number;
  readonly write: number;
  readonly handler: number;
}

/** What an error answer can be made from, where there may be no whole request. */
export interface FailedRequest {
  readonly method: string;
  readonly accept: string | null;
  readonly host: string;
  readonly id: string;
}

/** One answered request, for the access log and the counters. */
export type FinishedExchange = AccessFacts;

export interface EngineSettings {
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  /** X-Request-Id on every answer, not only on error answers. */
  readonly requestId: boolean;
  /** Answers a request whose head is fine. */
  readonly dispatch: Handler;
  readonly failureReply: (failure: Failure, request: FailedRequest) => Reply;
  readonly onFinished: ((finished: FinishedExchange) => void) | null;
}

/** What stays for the engine's whole life. */
export interface EngineParts {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly log: Log;
}
