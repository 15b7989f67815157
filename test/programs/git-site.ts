// Git over HTTP: repositories served by git's own CGI program, and git as their client.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { withSite, type Site } from "../../src/testing/index.ts";

/** Debian's place, and what git says of others. */
const BACKEND = join(execPath() ?? "/usr/lib/git-core", "git-http-backend");

export const noGit = !existsSync(BACKEND) && "no git-http-backend here";

function execPath(): string | null {
  const { status, stdout } = spawnSync("git", ["--exec-path"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

export interface GitEnd {
  readonly status: number | null;
  readonly stdout: string;
  /** What it said, and what it sent and got where it was asked to tell. */
  readonly told: string;
}

export class GitSite {
  readonly site: Site;

  constructor(site: Site) {
    this.site = site;
  }

  url(repository: string): string {
    return `${this.site.program.urls[0]}/git/${repository}`;
  }

  /** Runs git in a folder below the site's, with none of this machine's settings. */
  run(folder: string, ...args: string[]): Promise<GitEnd> {
    return runGit(this.site.folder, folder, args);
  }

  /** The same, where it has to succeed: its standard output. */
  async must(folder: string, ...args: string[]): Promise<string> {
    const { status, stdout, told } = await this.run(folder, ...args);
    if (status !== 0) throw new Error(`git ${args.join(" ")} ended with ${status}:\n${told}`);
    return stdout.trim();
  }

  /** Makes commits as `git fast-import` is told to. */
  async import(folder: string, commands: string): Promise<void> {
    const args = ["fast-import", "--quiet"];
    const { status, told } = await runGit(this.site.folder, folder, args, commands);
    if (status !== 0) throw new Error(told);
  }
}

export async function runGit(
  home: string,
  folder: string,
  args: readonly string[],
  input = "",
): Promise<GitEnd> {
  const person = { NAME: "Ann", EMAIL: "ann@example.org", DATE: "2026-01-02T03:04:05Z" };
  const who = Object.entries(person).flatMap(([name, value]) => [
    [`GIT_AUTHOR_${name}`, value],
    [`GIT_COMMITTER_${name}`, value],
  ]);
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_TRACE_CURL: "1",
    GIT_TRACE_CURL_NO_DATA: "1",
    ...(Object.fromEntries(who) as Record<string, string>),
  };
  const child = spawn("git", args, { cwd: join(home, folder), env, stdio: "pipe" });
  child.stdin.once("error", () => undefined).end(input); // most of git's commands close it
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const [stdout, told] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await closed, stdout, told };
}

/** Runs `use` with `repositories/open.git`, which takes pushes, and `read.git`, which does not. */
export function withGit(
  complaints: RegExp | null,
  use: (git: GitSite) => Promise<void>,
): Promise<void> {
  const config = `
[[site]]
  [[site.route]]
  path = "/git/*"
    [site.route.cgi]
    script = "${BACKEND}"
    env = { GIT_PROJECT_ROOT = "{folder}/repositories", GIT_HTTP_EXPORT_ALL = "1" }
    passAuthorization = true
`;
  const make = async (folder: string): Promise<void> => {
    await mkdir(join(folder, "repositories"));
    const names = ["open.git", "read.git"];
    for (const name of names)
      await made(folder, "init", "--quiet", "--bare", "--initial-branch", "main", name);
    await made(folder, "-C", "open.git", "config", "http.receivepack", "true");
  };
  return withSite({ config, make, complaints }, (site) => use(new GitSite(site)));
}

async function made(home: string, ...args: string[]): Promise<void> {
  const { status, told } = await runGit(home, "repositories", args);
  if (status !== 0) throw new Error(told);
}
