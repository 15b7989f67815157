// A copy of an example, served by the program: what it keeps lands in the copy.
import { cpSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { startPortico, withTemporaryFolder, type RunningProgram } from "../../src/testing/index.ts";

export const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));

export class Example {
  readonly folder: string;
  readonly program: RunningProgram;

  constructor(folder: string, program: RunningProgram) {
    this.folder = folder;
    this.program = program;
  }

  get url(): string {
    return this.program.urls[0]!;
  }

  /** A connection each, so that requests come to both workers; redirects are not followed. */
  fetch(path: string, request: RequestInit = {}): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.set("connection", "close");
    return fetch(this.url + path, { redirect: "manual", ...request, headers });
  }
}

/** Runs `use` with `examples/NAME` served by two workers, which complain of nothing. */
export function withExample(name: string, use: (example: Example) => Promise<void>): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const source = join(EXAMPLES, name);
    cpSync(source, folder, { recursive: true, filter: (file) => relative(source, file) !== "var" });
    const args = ["serve", "-c", join(folder, "portico.toml"), "-l", "127.0.0.1:0", "-w", "2"];
    const program = await startPortico({ args, env: { XDG_STATE_HOME: join(folder, "state") } });
    try {
      await use(new Example(folder, program));
    } finally {
      await program.stop();
    }
    if (program.complaints().length > 0) throw new Error(program.complaints().join("\n"));
  });
}
