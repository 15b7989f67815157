import type { FailureTable } from "../../base/failure.ts";

/** What the engine itself answers, beside the codec's violations. */
export const ENGINE_FAILURES = {
  headTimeout: { status: 408, message: "The request's head did not come in time." },
  bodyTimeout: { status: 408, message: "The request's body did not come in time." },
  bodyCut: { status: 400, message: "The connection ended before the request's body did." },
  bodyTooLarge: { status: 413, message: "The request's body is larger than this server takes." },
  clientGone: { status: 400, message: "The client closed the connection." },
  connectRefused: { status: 501, message: "This server is not a proxy." },
  handlerTimeout: { status: 504, message: "The answer took too long to make." },
  rerouteLoop: { status: 500, message: "The request was sent on too many times in this server." },
  internalError: { status: 500, message: "Something went wrong in this server." },
} as const satisfies FailureTable;
