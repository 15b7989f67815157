import type { Failure } from "../../base/failure.ts";
import { responseOf } from "./response.ts";

// The statuses of the tables of those who read bodies; of other codes it is the client's fault.
const STATUSES: Readonly<Record<string, number>> = { bodyTooLarge: 413, bodyTimeout: 408 };
const MALFORMED = 400;

/**
 * What reading a request's body rejects with, where the body is no good: too large, cut, late. An
 * app that does not catch it has answered as the table of failures says.
 */
export class BodyFailed extends Error {
  override readonly name = "BodyFailed";
  readonly failure: Failure;
  /** Frameworks answer errors by it. */
  readonly status: number;

  constructor(failure: Failure) {
    const { code, detail } = failure;
    super(`the request's body failed: ${code}${detail === "" ? "" : ` (${detail})`}`);
    this.failure = failure;
    this.status = STATUSES[code] ?? MALFORMED;
  }

  /** What Hono asks errors for. */
  getResponse(): Response {
    return responseOf(this.failure);
  }
}
