// `portico status`, `reload` and `stop`: ask the server that runs on a config's data folder. The
// config may be broken at this moment, and mostly is when one asks: only its `data` is needed.
import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { printable, withEscapes } from "../config/index.ts";
import { askControl, type ControlRequest, type Refusal } from "../runtime/index.ts";
import { dataKeyOf, dataPlace } from "../server/index.ts";
import { DEFAULT_FILE, renderBadConfig, withText } from "./config-file.ts";
import { reloadText, statusText } from "./control-text.ts";
import { EXIT, UsageError } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export interface ControlCommandOptions {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export interface ReloadCommandOptions extends ControlCommandOptions {
  readonly dryRun?: boolean;
}

/** Prints how the server fares. Returns what to exit with, as all here. */
export async function status(options: ControlCommandOptions, terminal: Terminal): Promise<number> {
  const answer = await ask({ command: "status" }, options, terminal);
  if (typeof answer === "number") return answer;
  terminal.out(options.json ? jsonLine(answer.status) : statusText(answer.status));
  return EXIT.good;
}

/** Has the server read its config again, or say what that would change. */
export async function reload(options: ReloadCommandOptions, terminal: Terminal): Promise<number> {
  const request = { command: "reload", dryRun: options.dryRun ?? false } as const;
  const answer = await ask(request, options, terminal);
  if (typeof answer === "number") return answer;
  terminal.out(options.json ? jsonLine(answer) : reloadText(answer));
  return EXIT.good;
}

/** Stops the server, and returns when it has ended. */
export async function stop(options: ControlCommandOptions, terminal: Terminal): Promise<number> {
  const answer = await ask({ command: "stop" }, options, terminal);
  if (typeof answer === "number") return answer;
  terminal.out(options.json ? jsonLine(answer) : `stopped (process ${answer.pid})\n`);
  return EXIT.good;
}

/** The good answer, or what to exit with when there is none, which has been told then. */
export async function ask<Request extends ControlRequest>(
  request: Request,
  options: ControlCommandOptions,
  terminal: Terminal,
) {
  const place = await placeToAsk(options, terminal);
  if (typeof place === "number") return place;
  const answer = await askControl(place.folder, request);
  if (answer === "notRunning") {
    const message = `no server runs on the data folder ${place.folder}${place.hint}`;
    return refused({ ok: false, message }, options, terminal);
  }
  return answer.ok ? answer : refused(answer, options, terminal);
}

function refused(refusal: Refusal, { json }: ControlCommandOptions, terminal: Terminal): number {
  if (json) terminal.out(jsonLine(refusal));
  if (refusal.problems !== undefined) terminal.err(printableLines(refusal.problems));
  terminal.err(`portico: ${printable(refusal.message)}\n`);
  return refusal.problems === undefined ? EXIT.failed : EXIT.config;
}

interface PlaceToAsk {
  readonly folder: string;
  /** What may be wrong where no server is found there. */
  readonly hint: string;
}

async function placeToAsk(
  { config, data }: ControlCommandOptions,
  terminal: Terminal,
): Promise<PlaceToAsk | number> {
  if (data !== undefined) {
    if (config === undefined) return { folder: resolve(data), hint: "" };
    throw new UsageError("a server is found by its config (-c) or its data folder, not both");
  }
  const file = config ?? DEFAULT_FILE;
  const key = await withText(file, (text) => dataKeyOf(text, file));
  if (typeof key === "string" || Array.isArray(key)) {
    terminal.err(renderBadConfig(key, terminal.errColor));
    const other = config === undefined ? "-c FILE names another, " : "";
    terminal.err(`portico: ${other}--data DIR names the server's data folder\n`);
    return EXIT.config;
  }
  const place = dataPlace(key.data, await realpath(file), process.env);
  if (place === null) {
    terminal.err("portico: neither the config nor HOME says where data lies: --data DIR does\n");
    return EXIT.failed;
  }
  return { folder: place.path, hint: hintFor(place.isDefault, key.isSure) };
}

function hintFor(isDefault: boolean, isSure: boolean): string {
  if (!isSure) return ", but the config can't be read whole; --data DIR names another";
  const where = isDefault ? "this config's is by default" : "this config says";
  return `, where ${where}; --data DIR names another`;
}

/** JSON that a terminal may be shown. */
export function jsonLine(value: unknown): string {
  return `${withEscapes(JSON.stringify(value))}\n`;
}

/** Lines for people, each without control characters; the last has its end, too. */
function printableLines(text: string): string {
  return `${text.trimEnd().split("\n").map(printable).join("\n")}\n`;
}
