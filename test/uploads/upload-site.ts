// The real program with upload routes, and what a test says to it and sees of it.
import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  RawConnection,
  startPortico,
  withTemporaryFolder,
  type RunningProgram,
} from "../../src/testing/index.ts";

export interface SiteRules {
  /** Routes by their first segment, with what is in their `upload` table besides `to`. */
  readonly routes: Readonly<Record<string, string>>;
  /** What stands before the site, in TOML. */
  readonly head?: string;
  readonly workers?: number;
}

export interface Answered {
  readonly status: number;
  /** The whole head, status line first. */
  readonly head: string;
  readonly body: string;
}

export class UploadSite {
  readonly folder: string;
  readonly program: RunningProgram;

  constructor(folder: string, program: RunningProgram) {
    this.folder = folder;
    this.program = program;
  }

  /** `path` as a URL has it, without its first slash; redirects are not followed. */
  fetch(path: string, request: RequestInit = {}): Promise<Response> {
    const headers = new Headers(request.headers);
    // A connection each: so requests come to both workers.
    if (!headers.has("connection")) headers.set("connection", "close");
    const url = `${this.program.urls[0]}/${path}`;
    return fetch(url, { redirect: "manual", ...request, headers });
  }

  put(
    path: string,
    body: RequestInit["body"] & {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.fetch(path, { method: "PUT", body, headers });
  }

  post(
    path: string,
    body: RequestInit["body"] & {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.fetch(path, { method: "POST", body, headers });
  }

  /** The path as it is: `fetch` would take dots and backslashes out of it. */
  async raw(
    method: string,
    path: string,
    body: string | Uint8Array = "",
    fields: readonly string[] = [],
  ): Promise<Answered> {
    const connection = await this.open();
    const length = typeof body === "string" ? Buffer.byteLength(body, "latin1") : body.length;
    const head = [
      `${method} ${path} HTTP/1.1`,
      "Host: localhost",
      "Connection: close",
      `Content-Length: ${length}`,
      ...fields,
    ];
    await connection.send(`${head.join("\r\n")}\r\n\r\n`);
    await connection.send(body);
    return answerOn(connection);
  }

  open(): Promise<RawConnection> {
    return RawConnection.open(this.program.port);
  }

  /** All that is in a route's folder, in order, dot names too, except what is the server's own. */
  async names(route: string): Promise<string[]> {
    const all = await readdir(join(this.folder, route), { recursive: true });
    if (all.some((name) => isOwn(name))) console.error(all.filter((name) => isOwn(name)));
    return all.filter((name) => !isOwn(name)).toSorted();
  }

  path(...segments: string[]): string {
    return join(this.folder, ...segments);
  }
}

/** What the server keeps for itself in a folder that is written to, when nothing is under way. */
function isOwn(name: string): boolean {
  return /^\.portico(?:-thumbnails)?(?:\/|$)/.test(name);
}

/** The answer, once the server has said all; the connection is closed then. */
export async function answerOn(connection: RawConnection): Promise<Answered> {
  const received = await connection.untilEnd();
  connection.close();
  return answerIn(received);
}

export function answerIn(received: string): Answered {
  const end = received.indexOf("\r\n\r\n");
  const head = received.slice(0, end);
  return { status: Number(head.split(" ")[1]), head, body: received.slice(end + 4) };
}

/** Runs `use` with the program; it has to stop cleanly, and to have complained of nothing. */
export async function withUploads(
  { routes, head = "", workers = 2 }: SiteRules,
  use: (site: UploadSite) => Promise<void>,
  complaints: RegExp | null = null,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const config = join(folder, "portico.toml");
    // What a route names outside of its own folder.
    await writeFile(config, configOf(routes, head).replaceAll("{folder}", folder));
    const args = ["serve", "-c", config, "-l", "127.0.0.1:0", "-w", `${workers}`];
    const program = await startPortico({ args: [...args, "--access-log", "off"], cwd: folder });
    const site = new UploadSite(folder, program);
    try {
      await use(site);
    } finally {
      assert.equal(await program.stop(), 0);
    }
    const unexpected = program.complaints().filter((line) => complaints?.test(line) !== true);
    assert.deepEqual(unexpected, []);
  });
}

export function configOf(routes: SiteRules["routes"], head = ""): string {
  const tables = Object.entries(routes).map(([name, rules]) => {
    const more = rules === "" ? "" : `, ${rules}`;
    return `[[site.route]]\npath = "/${name}/*"\nupload = { to = "${name}"${more} }\n`;
  });
  return `${head}\n[[site]]\n${tables.join("\n")}`;
}

/** A part of a form as it goes over the wire. */
export interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly type?: string;
  readonly content: string | Buffer;
}

export const BOUNDARY = "----portico7MA4YWxkTrZu0gW";
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** A form's bytes; `end` takes the place of its last boundary. */
export function formOf(parts: readonly Part[], end = `--${BOUNDARY}--\r\n`): Buffer {
  const pieces = parts.flatMap(({ name, filename, type, content }) => {
    const file = filename === undefined ? "" : `; filename="${filename}"`;
    const kind = type === undefined ? "" : `Content-Type: ${type}\r\n`;
    const disposition = `Content-Disposition: form-data; name="${name}"${file}`;
    const head = `--${BOUNDARY}\r\n${disposition}\r\n${kind}\r\n`;
    return [Buffer.from(head), Buffer.from(content), Buffer.from("\r\n")];
  });
  return Buffer.concat([...pieces, Buffer.from(end)]);
}

export function postForm(
  site: UploadSite,
  path: string,
  parts: readonly Part[],
  headers: Record<string, string> = {},
): Promise<Response> {
  return site.post(path, new Uint8Array(formOf(parts)), { "Content-Type": FORM_TYPE, ...headers });
}
