// Replays cases of the corpus (README.md has the format) against a server on a port of this
// machine. By hand: `node test/corpus/run.ts PORT ROOT` makes ROOT, and prints what fails.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { RawConnection } from "../../src/testing/raw-connection.ts";
import { Malformed, ResponseReader, STALL_MS, Stalled, type Response } from "./response.ts";
import { FILES, SECRET, makeRoot } from "./root.ts";

// A server that has nothing more to say is believed after this.
const EXTRA_MS = 150;
const PARALLEL = 6;

/** One case; a line of the corpus. */
export interface Case {
  readonly name: string;
  readonly area: string;
  readonly rfc: string;
  readonly why: string;
  readonly send: SendPart | readonly SendPart[];
  readonly expect: { readonly responses: readonly Expected[]; readonly then?: Then };
}

export type SendPart =
  | string
  | { readonly repeat: string; readonly times: number }
  | { readonly pause_ms: number }
  | { readonly fin: true };

type Then = "open" | "closed" | "any";

interface Expected {
  readonly status: readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly no_headers?: readonly string[];
  readonly body?: string;
  readonly body_len?: number;
  readonly body_regex?: string;
  readonly head?: boolean;
  readonly optional?: boolean;
  readonly silence?: boolean;
}

export function readCases(file: string | URL): Case[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as Case);
}

export class CorpusRunner {
  readonly #port: number;
  readonly #tags = new Map<string, Promise<string>>();

  constructor(port: number) {
    this.#port = port;
  }

  /** Null when the server passes `one`, else what it did wrong. */
  async run(one: Case): Promise<string | null> {
    const seen: number[] = [];
    const connection = await RawConnection.open(this.#port);
    let problem: string | null;
    try {
      await this.#send(connection, [one.send].flat());
      problem = await check(connection, one.expect, seen);
    } catch (error) {
      if (error instanceof Stalled) problem = `no answer in ${STALL_MS} ms`;
      else if (error instanceof Malformed) problem = error.message;
      else throw error;
    } finally {
      connection.close();
    }
    if (connection.received.includes(SECRET)) problem = "LEAK: a file outside the root was served";
    return problem && `${problem}   (got ${seen.join(", ") || "nothing"})`;
  }

  /** `text` with `${PORT}`, `${ETAG /path}` and `${WEAK /path}` filled in. */
  async fillIn(text: string): Promise<string> {
    let filled = text;
    for (const [whole, kind, path] of text.matchAll(/\$\{(\w+) ?([^}]*)\}/g)) {
      const tag = kind === "PORT" ? String(this.#port) : await this.#tagOf(path!);
      const value = kind === "WEAK" ? `W/${tag.replace(/^W\//, "")}` : tag;
      filled = filled.replaceAll(whole, value);
    }
    return filled;
  }

  #tagOf(path: string): Promise<string> {
    const known = this.#tags.get(path);
    if (known !== undefined) return known;
    const tag = this.#askForTag(path);
    this.#tags.set(path, tag);
    return tag;
  }

  async #askForTag(path: string): Promise<string> {
    const connection = await RawConnection.open(this.#port);
    await connection.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const response = await new ResponseReader(connection).next();
    connection.close();
    return response?.fields.get("etag") ?? '"none"';
  }

  async #send(connection: RawConnection, parts: readonly SendPart[]): Promise<void> {
    for (const part of parts) {
      if (typeof part === "string") await connection.send(await this.fillIn(part), STALL_MS);
      else if ("repeat" in part) await connection.send(part.repeat.repeat(part.times), STALL_MS);
      else if ("fin" in part) connection.finish();
      else await new Promise((wake) => setTimeout(wake, part.pause_ms));
    }
  }
}

/** Null when the answers on `connection` are as expected; `seen` is told their statuses. */
async function check(
  connection: RawConnection,
  expect: Case["expect"],
  seen: number[],
): Promise<string | null> {
  const reader = new ResponseReader(connection);
  const left = [...expect.responses];
  while (left.length > 0) {
    const got = await nextOrSilence(reader, left);
    if (got === "silence") break;
    if (got === null) {
      if (left.every((spec) => spec.optional === true || spec.silence === true)) break;
      return "closed without an answer";
    }
    seen.push(got.status);
    const problem = matchNext(got, left);
    if (problem !== null) return problem;
  }
  return checkAfter(connection, reader, expect.then ?? "any");
}

async function nextOrSilence(
  reader: ResponseReader,
  left: readonly Expected[],
): Promise<Response | "silence" | null> {
  try {
    return await reader.next(left[0]!.head);
  } catch (error) {
    if (error instanceof Stalled && left.every((spec) => spec.silence === true)) return "silence";
    throw error;
  }
}

/** Takes what `got` answers off `left`, optional ones before it too. */
function matchNext(got: Response, left: Expected[]): string | null {
  let problem = mismatch(got, left[0]!);
  while (problem !== null && left[0]!.optional === true && left.length > 1) {
    left.shift();
    problem = mismatch(got, left[0]!);
  }
  if (problem === null) left.shift();
  return problem;
}

async function checkAfter(
  connection: RawConnection,
  reader: ResponseReader,
  then: Then,
): Promise<string | null> {
  if (then === "open") {
    await connection.send("GET /hello.txt HTTP/1.1\r\nHost: localhost\r\n\r\n", STALL_MS);
    const got = await reader.next();
    if (got === null) return "closed, expected open";
    if (got.body !== FILES["hello.txt"]!.toString("latin1")) {
      return `out of step: the next GET got ${got.status} ${shown(got.body)}`;
    }
  }
  try {
    const extra = await reader.next(false, then === "closed" ? STALL_MS : EXTRA_MS);
    return extra && `an extra answer: ${extra.status} ${shown(extra.body)}`;
  } catch (error) {
    if (!(error instanceof Stalled)) throw error;
    return then === "closed" ? "still open, expected closed" : null;
  }
}

/** What of an answer is not as the case says, or null. */
function mismatch({ status, fields, body }: Response, spec: Expected): string | null {
  if (!spec.status.includes(status)) return `status ${status}, expected ${spec.status.join("/")}`;
  for (const [key, pattern] of Object.entries(spec.headers ?? {})) {
    const colon = key.lastIndexOf(":");
    const name = key.slice(colon + 1);
    const value = fields.get(name.replace("?", ""));
    if (colon > 0 && status !== Number(key.slice(0, colon))) continue;
    if (name.startsWith("?") && value === undefined) continue;
    if (value === undefined || !patternOf(pattern).test(value)) {
      return `${name}: ${value}, expected /${pattern}/`;
    }
  }
  for (const name of spec.no_headers ?? []) {
    if (fields.has(name)) return `${name}: ${fields.get(name)}, expected none`;
  }
  return bodyMismatch(body, spec);
}

function bodyMismatch(body: string, spec: Expected): string | null {
  if (spec.body !== undefined && body !== spec.body) {
    return `body ${shown(body)}, expected ${shown(spec.body)}`;
  }
  if (spec.body_len !== undefined && body.length !== spec.body_len) {
    return `a body of ${body.length} bytes, expected ${spec.body_len}`;
  }
  if (spec.body_regex !== undefined && !patternOf(spec.body_regex, "s").test(body)) {
    return `body ${shown(body)}, expected /${spec.body_regex}/`;
  }
  return null;
}

/** The corpus writes a flag in front, which JavaScript wants behind. */
function patternOf(pattern: string, flags = ""): RegExp {
  if (!pattern.startsWith("(?i)")) return new RegExp(pattern, flags);
  return new RegExp(pattern.slice("(?i)".length), `${flags}i`);
}

function shown(text: string): string {
  return `${JSON.stringify(text.slice(0, 40))} (${text.length} bytes)`;
}

async function main(port: string, root: string): Promise<void> {
  await makeRoot(resolve(root));
  const cases = readCases(new URL("./http1.jsonl", import.meta.url));
  const runner = new CorpusRunner(Number(port));
  const left = cases.values();
  let failed = 0;
  const worker = async (): Promise<void> => {
    for (const one of left) {
      const problem = await runner.run(one);
      if (problem === null) continue;
      failed += 1;
      console.log(`FAIL ${one.area}/${one.name} [${one.rfc}]: ${problem}\n     ${one.why}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  console.log(`${cases.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

if (import.meta.main) {
  const [port, root] = process.argv.slice(2);
  if (port === undefined || root === undefined) throw new Error("usage: run.ts PORT ROOT");
  await main(port, root);
}
