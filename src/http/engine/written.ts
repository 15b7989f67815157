import { shownError } from "../../base/shown-error.ts";
import type { Takeover } from "../exchange/index.ts";

/**
 * How a reply went out: whole, not since the client left, not for a reason that is ours, or whole
 * and with it the connection.
 */
export type Written = "whole" | "cut" | Error | Takeover;

/** Never throws, so that what has to be seen to behind a failure is; its message is a text. */
export function asError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && typeof thrown.message === "string") return thrown;
  } catch {
    // it is no error that can be looked at
  }
  return new Error(typeof thrown === "string" ? thrown : shownError(thrown));
}
