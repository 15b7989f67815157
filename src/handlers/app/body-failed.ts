import type { Failure } from "../../base/failure.ts";
import { Refused } from "../../http/refused.ts";
import { responseOf } from "./response.ts";

// The statuses of the tables of those who read bodies; of other codes it is the client's fault.
const STATUSES: Readonly<Record<string, number>> = { bodyTooLarge: 413, bodyTimeout: 408 };
const MALFORMED = 400;

/**
 * What reading a request's body rejects with, where the body is no good: too large, cut, late. An
 * app that does not catch it has answered as the table of failures says.
 */
export class BodyFailed extends Refused {
  /** Frameworks answer errors by it. */
  readonly status: number;

  constructor(failure: Failure) {
    super(failure);
    this.status = STATUSES[failure.code] ?? MALFORMED;
  }

  /** What Hono asks errors for. */
  getResponse(): Response {
    return responseOf(this.failure);
  }
}
