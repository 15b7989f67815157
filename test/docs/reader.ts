// Somebody who types what a page shows, in a copy of the checkout, and looks at what comes out.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isAsShown, type Step } from "./blocks.ts";

const ADDRESS = /127\.0\.0\.1:\d+/u;
const COMMAND_MS_MAX = 60_000;

export class Reader {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #servers: ChildProcess[] = [];
  /** The address that the page shows, and the one that the server really took. */
  readonly #addresses = new Map<string, string>();

  /** `folder` is a copy of the checkout that may be written to. */
  constructor(folder: string) {
    const home = path.join(folder, "var/reader");
    mkdirSync(home, { recursive: true });
    // At a terminal curl shows no progress; here its output is no terminal.
    writeFileSync(path.join(home, ".curlrc"), "no-progress-meter\n");
    this.#folder = folder;
    this.#environment = { ...process.env, CURL_HOME: home, HOME: home, NO_COLOR: "1" };
  }

  /** Does one step; what differs from the page, or null. */
  async do(step: Step): Promise<string | null> {
    const output = step.stays ? await this.#start(step) : this.#run(step);
    if (output === null || isAsShown(output, step.shown)) return null;
    return `line ${step.line}: \`${step.command}\` printed\n${output}`;
  }

  /** Stops the servers that steps left running. */
  async leave(): Promise<void> {
    for (const server of this.#servers) {
      if (server.exitCode !== null || server.signalCode !== null) continue;
      server.kill("SIGTERM");
      await once(server, "exit");
    }
  }

  // A command that shows nothing has to succeed instead.
  #run({ command, shown }: Step): string | null {
    const { status, stdout } = spawnSync("sh", ["-c", `exec 2>&1; ${this.#asHere(command)}`], {
      cwd: this.#folder,
      env: this.#environment,
      encoding: "utf8",
      timeout: COMMAND_MS_MAX,
    });
    if (shown.length === 0) return status === 0 ? null : `${stdout}(exit ${status})\n`;
    return this.#asOnPage(stdout);
  }

  #start({ command, shown }: Step): Promise<string> {
    const server = spawn("sh", ["-c", `exec 2>&1; exec ${this.#asHere(command)}`], {
      cwd: this.#folder,
      env: this.#environment,
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#servers.push(server);
    let output = "";
    return new Promise((resolve) => {
      const late = () => resolve(`${this.#asOnPage(output)}(and nothing more)\n`);
      setTimeout(late, COMMAND_MS_MAX).unref();
      server.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        this.#learnAddress(output, shown);
        if (isAsShown(this.#asOnPage(output), shown)) resolve(this.#asOnPage(output));
      });
      server.once("exit", () => resolve(`${this.#asOnPage(output)}(ended)\n`));
    });
  }

  #learnAddress(output: string, shown: readonly string[]): void {
    const onPage = ADDRESS.exec(shown.join("\n"))?.[0];
    const here = ADDRESS.exec(output)?.[0];
    if (onPage !== undefined && here !== undefined) this.#addresses.set(onPage, here);
  }

  #asHere(command: string): string {
    let text = command;
    for (const [onPage, here] of this.#addresses) text = text.replaceAll(onPage, here);
    return text;
  }

  #asOnPage(output: string): string {
    let text = output;
    for (const [onPage, here] of this.#addresses) text = text.replaceAll(here, onPage);
    return text;
  }
}
