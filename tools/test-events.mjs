// A reporter for node:test that writes what tools/run-tests.ts reads: one JSON value a line.
import { inspect } from "node:util";

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* testEvents(events) {
  for await (const { type, data } of events) {
    if (type === "test:summary") yield line({ type: "counts", counts: data.counts });
    if (type === "test:pass" && data.details?.type !== "suite") yield line({ type: "pass" });
    if (type === "test:fail" && isCause(data.details)) yield line(failure(data));
  }
}

// A suite or test that failed for nothing but its subtests' failures says nothing new.
/** @param {{ error?: { failureType?: string } }} details */
function isCause(details) {
  return details?.error?.failureType !== "subtestsFailed";
}

/** @param {any} data */
function failure(data) {
  const { error } = data.details;
  const thrown = error?.cause ?? error;
  return { type: "fail", name: data.name, line: data.line, report: report(thrown) };
}

// The message (with the difference where two values were compared) and where it came from: without
// Node's own frames, and without an assertion's values a second time.
/**
 * @param {unknown} thrown
 * @returns {string}
 */
function report(thrown) {
  if (!(thrown instanceof Error)) return inspect(thrown, { depth: 8, maxStringLength: 4096 });
  const lines = (thrown.stack ?? String(thrown)).split("\n");
  const own = lines.filter((text) => !/^ {4}at .*\bnode:/u.test(text)).join("\n");
  return thrown.cause === undefined ? own : `${own}\ncaused by ${report(thrown.cause)}`;
}

/** @param {unknown} value */
function line(value) {
  return `${JSON.stringify(value)}\n`;
}
