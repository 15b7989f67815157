// `npm test`: installs what the tests need, then runs them with the pinned Node. Runs on the
// system's Node (20 and later). Arguments name what to run: `npm test -- src/config`.
import { spawn } from "node:child_process";
import path from "node:path";
import { installPrograms } from "./debian.mjs";
import { CHECKOUT, installPackages, PINNED_NODE } from "./install.mjs";

installPackages();
installPrograms();
const runner = path.join(CHECKOUT, "tools/run-tests.ts");
const tests = spawn(PINNED_NODE, [runner, ...process.argv.slice(2)], {
  cwd: CHECKOUT,
  stdio: "inherit",
});
/** @type {NodeJS.Signals[]} */
const ends = ["SIGHUP", "SIGINT", "SIGTERM"];
for (const signal of ends) process.on(signal, () => tests.kill(signal));
tests.on("exit", (code) => process.exit(code ?? 1));
