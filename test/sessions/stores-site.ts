// The real program with an app that tells what its session holds, and visitors with cookies.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startPortico, type RunningProgram } from "../../src/testing/index.ts";
import { runPortico, type Ended } from "../cli/run-portico.ts";

const APP = `import { threadId } from "node:worker_threads";
export default {
  async fetch(request, { session }) {
    const { searchParams } = new URL(request.url);
    const [key, user] = [searchParams.get("set"), searchParams.get("user")];
    if (key !== null) await session.set(key, key);
    if (user !== null) await session.regenerate({ user });
    return Response.json({ threadId, user: await session.user, keys: await session.keys() });
  },
};
`;

/** What the app tells. */
export interface Told {
  readonly threadId: number;
  readonly user: string | null;
  readonly keys: readonly string[];
}

export class StoresSite {
  readonly #folder: string;
  #program: RunningProgram | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Two workers, with what `[session]` says, in TOML. */
  async start(session: string): Promise<void> {
    await writeFile(join(this.#folder, "app.mjs"), APP);
    const route = '[[site]]\n[[site.route]]\npath = "/*"\napp = "app.mjs"\nsession = true\n';
    const text = `data = "var"\nworkers = 2\n[session]\n${session}\n${route}`;
    await writeFile(join(this.#folder, "portico.toml"), text);
    const args = ["serve", "-c", "portico.toml", "-l", "127.0.0.1:0", "--access-log", "off"];
    this.#program = await startPortico({ args, cwd: this.#folder });
  }

  stop(): Promise<unknown> {
    return this.#program!.stop();
  }

  /** As a machine's end would, as far as the process goes. */
  kill(): Promise<void> {
    return this.#program!.kill();
  }

  /** The answer to `query` of who has this cookie, and the cookie that they have then. */
  async ask(query: string, cookie = ""): Promise<{ told: Told; cookie: string; status: number }> {
    const headers = { cookie, connection: "close" }; // so requests come to both workers
    const answer = await fetch(`${this.#program!.urls[0]}/?${query}`, { headers });
    const set = answer.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    const told = answer.ok ? ((await answer.json()) as Told) : NOTHING;
    return { told, cookie: set, status: answer.status };
  }

  /** What each of the two workers tells who has this cookie. */
  async askBoth(cookie: string): Promise<Told[]> {
    const byThread = new Map<number, Told>();
    for (let asked = 0; byThread.size < 2 && asked < 500; asked += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the kernel says who answers
      const { told } = await this.ask("", cookie);
      byThread.set(told.threadId, told);
    }
    return [...byThread.values()];
  }

  /** `portico session ...args` of the server. */
  command(...args: readonly string[]): Promise<Ended> {
    return runPortico(this.#folder, ["session", ...args]);
  }
}

const NOTHING: Told = { threadId: 0, user: null, keys: [] };
