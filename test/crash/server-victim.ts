// The program itself, with two workers, stored to over HTTP: PUT for one file, a form for several.
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startPortico, type RunningProgram } from "../../src/testing/index.ts";
import { contentOf, type Ack, type Op } from "./op.ts";
import type { StartVictim, Victim } from "./victim.ts";

type Put = Extract<Op, { kind: "put" }>;

const HOWS = ["reject", "replace", "rename", "same"] as const;

/** A server that stores in `folder`; its own files are beside it. */
export const startServer: StartVictim = async (folder) => {
  const route = (how: string): string => `  [[site.route]]
  path = "/${how}/*"
  upload = { to = ${JSON.stringify(folder)}, onConflict = "${how}", remove = true }
`;
  const file = join(dirname(folder), "portico.toml");
  const head = 'workers = 2\ndata = "data"\n[log]\naccess = "off"\n[[site]]\n';
  await writeFile(file, head + HOWS.map(route).join(""));
  return new ServerVictim(await startPortico({ args: ["serve", "-c", file, "-l", "0"] }));
};

class ServerVictim implements Victim {
  readonly #program: RunningProgram;

  constructor(program: RunningProgram) {
    this.#program = program;
  }

  async act(op: Op): Promise<Ack | null> {
    try {
      if (op.kind === "remove") return await this.#ask("DELETE", `replace/${op.name}`, [op.name]);
      const [first] = op.files;
      if (op.files.length > 1 || op.how === "rename") return await this.#form(op);
      const body = contentOf(first!.content);
      return await this.#ask("PUT", `${op.how}/${first!.name}`, [first!.name], body);
    } catch {
      return null; // the connection was cut
    }
  }

  async kill(): Promise<void> {
    process.kill(this.#program.pid, "SIGKILL");
    await this.#program.exited;
  }

  #form({ how, files }: Put): Promise<Ack> {
    const form = new FormData();
    for (const { name, content } of files) {
      form.append("file", new Blob([contentOf(content)]), name.slice(name.lastIndexOf("/") + 1));
    }
    return this.#ask("POST", `${how}/${dirname(files[0]!.name)}/`, null, form);
  }

  /** `names`: what is acknowledged by success; null: the answer says it. */
  async #ask(
    method: string,
    path: string,
    names: readonly string[] | null,
    body: Uint8Array<ArrayBuffer> | FormData | null = null,
  ): Promise<Ack> {
    const answer = await fetch(`${this.#program.urls[0]!}/${path}`, { method, body });
    const text = await answer.text();
    if (!answer.ok) return { refused: `${answer.status} ${text}` };
    if (names !== null) return { names };
    const { files } = JSON.parse(text) as { files: { name: string }[] };
    return { names: files.map(({ name }) => name) };
  }
}
