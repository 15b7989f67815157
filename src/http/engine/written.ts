import type { Takeover } from "../exchange/index.ts";

/**
 * How a reply went out: whole, not since the client left, not for a reason that is ours, or whole
 * and with it the connection.
 */
export type Written = "whole" | "cut" | Error | Takeover;

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
