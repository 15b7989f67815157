// What was thrown, as people are shown it: its stack, what caused it, what it carries.
import { inspect } from "node:util";

/** Never throws: an error may inspect itself, and fail at it. */
export function shownError(error: unknown): string {
  for (const customInspect of [true, false]) {
    try {
      return inspect(error, { customInspect });
    } catch {
      // whatever is in the way: the next way does without it
    }
  }
  return "an error that can't be shown";
}
