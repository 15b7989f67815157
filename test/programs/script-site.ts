// The real program with a folder of scripts, and what a test sees of the processes that it starts.
import { chmod, mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Site, until, withSite } from "../../src/testing/index.ts";

export interface ScriptRules {
  /** Scripts by their names; they get the x bit unless they begin with "plain:". */
  readonly scripts: Readonly<Record<string, string>>;
  /** More keys of the route's `cgi` table, in TOML. */
  readonly cgi?: string;
  /** What stands before the site. */
  readonly head?: string;
  /** More routes. */
  readonly routes?: string;
  readonly workers?: number;
  readonly complaints?: RegExp | null;
  readonly exitCode?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly status?: number;
}

export class ScriptSite extends Site {
  async make(file: string, text: string): Promise<void> {
    await writeFile(this.path(file), text);
  }

  async makeFolder(name: string): Promise<void> {
    await mkdir(this.path(name));
  }

  /** The names in the site's folder that begin with `start`. */
  async names(start: string): Promise<string[]> {
    return (await readdir(this.folder)).filter((name) => name.startsWith(start));
  }
}

/** Runs `use` with scripts below /cgi-bin/. What they write to standard error is a complaint. */
export function withScripts(
  { scripts, cgi = "", head = "", routes = "", complaints = null, ...start }: ScriptRules,
  use: (site: ScriptSite) => Promise<void>,
): Promise<void> {
  const keys = cgi === "" ? "" : `, ${cgi}`;
  const config = `${head}
[[site]]
root = "public"
  [[site.route]]
  path = "/cgi-bin/*"
  cgi = { root = "cgi-bin"${keys} }
${routes}`;
  const make = async (folder: string): Promise<void> => {
    await mkdir(join(folder, "public"));
    await writeFile(join(folder, "public/target.txt"), "the target");
    await mkdir(join(folder, "cgi-bin"));
    for (const [name, text] of Object.entries(scripts)) await writeScript(folder, name, text);
  };
  return withSite({ config, make, complaints, ...start }, ({ folder, program }) =>
    use(new ScriptSite(folder, program)),
  );
}

async function writeScript(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, "cgi-bin", name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text.replace(/^plain:/, ""));
  if (!text.startsWith("plain:")) await chmod(path, 0o755);
}

/** A process as /proc tells of it. */
export interface SeenProcess {
  readonly pid: number;
  readonly group: number;
  /** "Z": it has ended, and nobody has asked how. */
  readonly state: string;
  readonly command: string;
}

/** The processes that descend from `pid`, and those of their groups, whoever their parent is. */
export async function processesBelow(pid: number): Promise<SeenProcess[]> {
  const all = await everyProcess();
  const found = new Map<number, SeenProcess>();
  const groups = new Set<number>();
  for (let grew = true; grew;) {
    grew = false;
    for (const { parent, ...one } of all) {
      if (found.has(one.pid) || one.pid === pid) continue;
      if (parent !== pid && !found.has(parent) && !groups.has(one.group)) continue;
      found.set(one.pid, one);
      if (one.group !== pid) groups.add(one.group);
      grew = true;
    }
  }
  return [...found.values()];
}

async function everyProcess(): Promise<(SeenProcess & { parent: number })[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const seen = await Promise.all(
    pids.map(async (pid) => {
      // One that has gone since the folder was read is none.
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
      if (stat === null) return [];
      const command = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
      const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [
        { pid: Number(pid), parent: Number(parent), group: Number(group), state: state!, command },
      ];
    }),
  );
  return seen.flat();
}

/** What the descriptors of a process stand for. */
export async function descriptorsOf(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`);
  const targets = names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => null));
  return (await Promise.all(targets)).filter((target) => target !== null);
}

/** What a script wrote to `file`, once it is there. */
export async function written(site: Site, file: string): Promise<string> {
  let text = "";
  await until(async () => {
    text = await readFile(site.path(file), "utf8").catch(() => "");
    return text.endsWith("\n");
  });
  return text.trim();
}
