// `portico serve`: starts the server, says where it listens, and stays until it is asked to stop.
import { resolve } from "node:path";
import { parseAddress, printable, type Address, type Loaded } from "../config/index.ts";
import {
  accessLogComplaint,
  configForFolder,
  StartError,
  startServer,
  type Config,
} from "../server/index.ts";
import { DEFAULT_FILE, defaultFileExists, loadFile, renderBadConfig } from "./config-file.ts";
import { EXIT, UsageError } from "./exit-code.ts";
import { expectFolder } from "./served-folder.ts";
import { firstStopSignal } from "./stop-signals.ts";
import type { Terminal } from "./terminal.ts";

export interface ServeOptions {
  readonly config?: string;
  readonly listen?: readonly string[];
  readonly list?: boolean;
  readonly accessLog?: string;
}

/** Serves `folder`, or what a config says, until it is stopped. Returns what to exit with. */
export async function serve(
  folder: string | undefined,
  options: ServeOptions,
  terminal: Terminal,
): Promise<number> {
  const addresses = options.listen === undefined ? null : addressesOf(options.listen);
  const accessLog = placeOfLog(options.accessLog);
  const config = await configToServe(folder, options, terminal);
  if (config === null) return EXIT.config;
  try {
    return await runUntilStopped(config, { addresses, accessLog }, terminal);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    terminal.err(`portico: ${printable(error.message)}\n`);
    return EXIT.failed;
  }
}

async function runUntilStopped(
  config: Config,
  where: { readonly addresses: Address[] | null; readonly accessLog: string | null },
  terminal: Terminal,
): Promise<number> {
  let stopNow = (): void => {};
  // Asked for before anything listens, so that a stop during the start is no kill half-way.
  const stopAsked = firstStopSignal((exitCode) => {
    stopNow();
    process.exit(exitCode);
  });
  const server = await startServer(config, where);
  stopNow = () => server.stopNow();
  terminal.out(server.urls.map((url) => `portico: listening on ${url}\n`).join(""));
  await stopAsked;
  await server.stop();
  return EXIT.good;
}

/** Null when the config is bad, which has been told then. */
async function configToServe(
  folder: string | undefined,
  { config: file, list = false }: ServeOptions,
  terminal: Terminal,
): Promise<Config | null> {
  if (folder !== undefined && file !== undefined) {
    throw new UsageError("serve takes a folder or a config file (-c), not both");
  }
  const fileUsed =
    file ?? (folder === undefined && (await defaultFileExists()) ? DEFAULT_FILE : null);
  if (fileUsed === null) return (await folderConfig(folder ?? ".", list)).value;
  if (list) {
    const instead = "in a config it is `list = true` of a static route";
    throw new UsageError(`--list goes with a folder, and ${fileUsed} is served: ${instead}`);
  }
  const loaded = await loadFile(fileUsed);
  if (typeof loaded !== "string" && !Array.isArray(loaded)) return loaded.value;
  terminal.err(renderBadConfig(loaded, terminal.errColor));
  return null;
}

async function folderConfig(folder: string, list: boolean): Promise<Loaded<Config>> {
  await expectFolder(folder);
  return configForFolder(resolve(folder), { list });
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
