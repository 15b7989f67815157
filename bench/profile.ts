// `node bench/profile.ts ROW [SECONDS] [BIN_PORTICO]`: where Portico's time goes in a row of load.
// Prints the functions with most time of their own, for the main thread and each worker, and the
// system calls that strace counts in a round of its own, which it slows down many times.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Arena } from "./arena.ts";
import { type CpuProfile, selfTimes } from "./cpu-profile.ts";
import { makeMaterial } from "./material.ts";
import { readOptions } from "./options.ts";
import { pinThisProcess } from "./processors.ts";
import { needLargeFiles, ROWS } from "./rows.ts";
import { portico } from "./servers/portico.ts";

const FUNCTIONS_SHOWN = 30;

const [name, seconds = "3", program] = process.argv.slice(2);
const row = ROWS.find((row) => row.name === name);
if (row === undefined) {
  console.error(`Name a row: ${ROWS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const options = readOptions(["--seconds", seconds, ...(program ? ["--portico", program] : [])]);
const server = portico("portico", options.portico);
const folder = mkdtempSync(path.join(tmpdir(), "portico-profile-"));
const profiles = path.join(folder, "profiles");
const material = path.join(folder, "public");
const settings = { folder, material, firstPort: options.port, seconds: options.seconds };

pinThisProcess();
makeMaterial(material, needLargeFiles([row]));
try {
  process.env["NODE_OPTIONS"] = `--cpu-prof --cpu-prof-dir=${profiles}`;
  await measure(async () => null);
  for (const file of readdirSync(profiles).sort()) show(path.join(profiles, file));
  delete process.env["NODE_OPTIONS"];
  if (spawnSync("strace", ["-V"]).error === undefined) await measure(countCalls);
} finally {
  rmSync(folder, { recursive: true });
}

/** One round with a server of its own, whose profile is written when it stops. */
async function measure(watch: (pid: number) => Promise<ChildProcess | null>): Promise<void> {
  const arena = new Arena(settings);
  const round = await row!.ready(server, arena);
  if (round === null) throw new Error(`Portico has no ${row!.name}`);
  const watcher = await watch((await arena.kept(server)).pid);
  console.log(`${row!.name}: ${(await round()).toFixed(2)} ${row!.unit} while looked at`);
  if (watcher !== null) {
    watcher.kill("SIGINT");
    await new Promise((resolve) => watcher.on("exit", resolve));
  }
  await arena.stop();
}

function show(file: string): void {
  const times = selfTimes(JSON.parse(readFileSync(file, "utf8")) as CpuProfile);
  const total = times.reduce((sum, { microseconds }) => sum + microseconds, 0);
  const thread = Number(path.basename(file).split(".")[4]);
  const title = thread === 0 ? "main thread" : `worker ${thread}`;
  console.log(`\n${title}: ${(total / 1e6).toFixed(2)} s`);
  for (const { microseconds, place } of times.slice(0, FUNCTIONS_SHOWN)) {
    console.log(`${((100 * microseconds) / total).toFixed(1).padStart(5)} %  ${place}`);
  }
  console.log();
}

async function countCalls(pid: number): Promise<ChildProcess> {
  const strace = spawn("strace", ["-c", "-f", "-p", String(pid)], { stdio: "inherit" });
  // Its threads are stopped one by one at first.
  await new Promise((resolve) => setTimeout(resolve, 500));
  return strace;
}
