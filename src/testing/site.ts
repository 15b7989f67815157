// The real program serving a folder of a test's, and what the test says to it and sees of it.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startPortico, type RunningProgram } from "./program.ts";
import { RawConnection } from "./raw-connection.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

export interface Answered {
  readonly status: number;
  /** The whole head, status line first. */
  readonly head: string;
  readonly body: string;
}

export class Site {
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

  path(...segments: string[]): string {
    return join(this.folder, ...segments);
  }
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

export interface SiteStart {
  /** The config; `{folder}` in it is the site's folder. */
  readonly config: string;
  readonly workers?: number;
  /** Makes what the site serves, before it starts. */
  readonly make?: (folder: string) => Promise<void>;
  /** Complaints that the test brings about. */
  readonly complaints?: RegExp | null;
  /** What the program ends with. */
  readonly exitCode?: number;
  /** Added to the environment of the program. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `use` with the program; it has to stop cleanly, and to have complained of nothing else. */
export async function withSite(
  { config, workers = 2, make, complaints = null, env = {}, exitCode = 0 }: SiteStart,
  use: (site: Site) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, "portico.toml");
    await make?.(folder);
    await writeFile(file, config.replaceAll("{folder}", folder));
    const args = ["serve", "-c", file, "-l", "127.0.0.1:0", "-w", `${workers}`];
    const program = await startPortico({
      args: [...args, "--access-log", "off"],
      cwd: folder,
      env,
    });
    try {
      await use(new Site(folder, program));
    } finally {
      assert.equal(await program.stop(), exitCode);
    }
    const unexpected = program.complaints().filter((line) => complaints?.test(line) !== true);
    assert.deepEqual(unexpected, []);
  });
}
