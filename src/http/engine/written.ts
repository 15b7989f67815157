/** How a reply went out: whole, not since the client left, or not for a reason that is ours. */
export type Written = "whole" | "cut" | Error;

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
