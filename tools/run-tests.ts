// Runs test files, each in a process of its own, a few at once, and prints `N passed, N failed,
// N skipped` last. Not `node --test`: that waits for ever for a file whose server is still running.
// Here each file leads a process group, has a deadline, and what it left running ends with it.
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { killAll, runFile, type Outcome } from "./run-test-file.ts";

const all = globSync("{bench,src,test}/**/*.test.ts").toSorted();
const wanted = process.argv.slice(2).map((argument) => path.normalize(argument));
const files = all.filter(
  (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);
const folder = mkdtempSync(path.join(tmpdir(), "portico-test-"));
const outcomes: Outcome[] = [];

for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    killAll();
    rmSync(folder, { recursive: true });
    process.exit(1);
  });
}

async function work(queue: Iterator<string>): Promise<void> {
  for (let next = queue.next(); next.done !== true; next = queue.next()) {
    const outcome = await runFile(next.value, folder);
    outcomes.push(outcome);
    const { passed, failures, skipped } = outcome;
    const notes = skipped > 0 ? ` (${skipped} skipped)` : "";
    console.log(`${failures.length > 0 ? "FAIL" : "ok  "} ${next.value}: ${passed}${notes}`);
  }
}

const queue = files.values();
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, () => work(queue)));
rmSync(folder, { recursive: true });

for (const { file, failures, output } of outcomes) {
  for (const { name, line, report } of failures) {
    console.log(`\n--- ${file}:${line}: ${name}\n${report}`);
  }
  if (failures.length > 0 && output !== "") console.log(`\n--- ${file} printed:\n${output}`);
}
const sum = (count: (outcome: Outcome) => number) =>
  outcomes.reduce((total, outcome) => total + count(outcome), 0);
const passed = sum((outcome) => outcome.passed);
const failed = sum((outcome) => outcome.failures.length);
const skipped = sum((outcome) => outcome.skipped);
if (passed + failed === 0) console.log("\nNo test ran: is the name right?");
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
