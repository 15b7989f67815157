// `portico serve`: starts the server, says where it listens, and stays until it is asked to stop.
import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseAddress, printable, type Address, type Problem } from "../config/index.ts";
import {
  accessLogComplaint,
  configForFolder,
  StartError,
  startServer,
  WORKERS_MAX,
  type ConfigSource,
  type LoadedConfig,
  type Overrides,
  type RunningServer,
} from "../server/index.ts";
import { DEFAULT_FILE, defaultFileExists, loadFile, renderBadConfig } from "./config-file.ts";
import { EXIT, UsageError } from "./exit-code.ts";
import { expectFolder } from "./served-folder.ts";
import { ServerSignals } from "./server-signals.ts";
import type { Terminal } from "./terminal.ts";
import { reloadOnSave } from "./watched-server.ts";

export interface ServeOptions {
  readonly config?: string;
  readonly listen?: readonly string[];
  readonly list?: boolean;
  readonly upload?: string;
  readonly accessLog?: string;
  readonly workers?: string;
  readonly watch?: boolean;
}

/** Serves `folder`, or what a config says, until it is stopped. Returns what to exit with. */
export async function serve(
  folder: string | undefined,
  options: ServeOptions,
  terminal: Terminal,
): Promise<number> {
  const addresses = options.listen === undefined ? null : addressesOf(options.listen);
  const accessLog = placeOfLog(options.accessLog);
  const workers = options.workers === undefined ? null : workersOf(options.workers);
  const source = await configToServe(folder, options, terminal);
  if (source === null) return EXIT.config;
  const watched = options.watch === true ? source.file : null;
  if (options.watch === true && watched === null) {
    throw new UsageError("--watch goes with a config file (-c): a folder is served as it is");
  }
  try {
    return await runUntilStopped(source, { addresses, accessLog, workers }, watched, terminal);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    terminal.err(`portico: ${printable(error.message)}\n`);
    return EXIT.failed;
  }
}

async function runUntilStopped(
  source: ConfigSource,
  overrides: Overrides,
  watched: string | null,
  terminal: Terminal,
): Promise<number> {
  let server: RunningServer | null = null;
  let reloadAsked = false;
  let exitCode: number = EXIT.good;
  // Asked for before anything listens, so that a stop during the start is no kill half-way.
  const signals = new ServerSignals({
    onReload: () => {
      reloadAsked = server === null;
      void server?.reload("signal");
    },
    onSecondStop: (code) => {
      exitCode = code; // the stop that is cut short may be the first to end
      void endNow(server, code);
    },
  });
  server = await startServer(source, { ...overrides, onStopAsked: () => signals.askToStop() });
  terminal.out(server.urls.map((url) => `portico: listening on ${url}\n`).join(""));
  // What was changed while it started may have been read before.
  if (reloadAsked) void server.reload("signal");
  const unwatch = watched === null ? () => undefined : reloadOnSave(server, watched);
  await signals.stopAsked;
  unwatch();
  await server.stop();
  return exitCode;
}

async function endNow(server: RunningServer | null, exitCode: number): Promise<void> {
  await server?.stopNow();
  process.exit(exitCode);
}

/** Null when the config is bad, which has been told then. */
async function configToServe(
  folder: string | undefined,
  { config: file, list = false, upload }: ServeOptions,
  terminal: Terminal,
): Promise<ConfigSource | null> {
  if (folder !== undefined && file !== undefined) {
    throw new UsageError("serve takes a folder or a config file (-c), not both");
  }
  const fileUsed =
    file ?? (folder === undefined && (await defaultFileExists()) ? DEFAULT_FILE : null);
  if (fileUsed === null) {
    const loaded = await folderConfig(folder ?? ".", { list, upload });
    return { file: null, loaded, reread: async () => null };
  }
  if (list) throw forFolders("--list", fileUsed, "`list = true` of a static route");
  if (upload !== undefined) throw forFolders("--upload", fileUsed, "a route with `upload`");
  const loaded = await loadFile(fileUsed);
  if (isLoaded(loaded))
    return { file: realpathSync(fileUsed), loaded, reread: () => reread(fileUsed) };
  terminal.err(renderBadConfig(loaded, terminal.errColor));
  return null;
}

function forFolders(option: string, fileUsed: string, instead: string): UsageError {
  const why = `${option} goes with a folder, and ${fileUsed} is served`;
  return new UsageError(`${why}: in a config it is ${instead}`);
}

async function reread(file: string): Promise<LoadedConfig | string> {
  // A pipe is read once; to wait for another writer would hold up whoever waits for this.
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) return `${file} is no file that can be read again\n`;
  const loaded = await loadFile(file);
  return isLoaded(loaded) ? loaded : renderBadConfig(loaded, false);
}

function isLoaded(loaded: LoadedConfig | Problem[] | string): loaded is LoadedConfig {
  return typeof loaded !== "string" && !Array.isArray(loaded);
}

async function folderConfig(
  folder: string,
  { list, upload }: { list: boolean; upload: string | undefined },
): Promise<LoadedConfig> {
  await expectFolder(folder);
  const into = upload === undefined ? null : resolve(upload);
  return configForFolder(resolve(folder), { list, upload: into });
}

function workersOf(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= WORKERS_MAX) return count;
  throw new UsageError(`-w ${text}: the number of workers is from 1 to ${WORKERS_MAX}`);
}

function addressesOf(texts: readonly string[]): Address[] {
  const addresses: Address[] = [];
  for (const text of texts) {
    const address = addressOf(text);
    if (addresses.some((other) => isSameAddress(address, other))) {
      throw new UsageError(`-l ${text}: this address is given twice`);
    }
    addresses.push(address);
  }
  return addresses;
}

/** Port 0 is another port each time. */
function isSameAddress(one: Address, other: Address): boolean {
  if (one.kind === "unix") return other.kind === "unix" && one.path === other.path;
  if (other.kind === "unix" || one.port === 0) return false;
  return one.port === other.port && one.host.toLowerCase() === other.host.toLowerCase();
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (typeof address === "string") throw new UsageError(`-l ${text}: ${address}`);
  return address;
}

/** A path is the caller's, from where they stand: the config's paths start elsewhere. */
function placeOfLog(written: string | undefined): string | null {
  if (written === undefined) return null;
  const complaint = accessLogComplaint(written);
  if (complaint !== null) throw new UsageError(`--access-log: ${complaint}`);
  return written === "off" || written === "stderr" ? written : resolve(written);
}
