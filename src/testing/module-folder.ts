// A folder of modules that a test writes, loads and writes again.
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ModuleGraphs, type ModuleExports, type Sources } from "../runtime/index.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

const HOME = new URL("../", import.meta.url).href;
const DEADLINE_MS = 20_000;

export class ModuleFolder {
  readonly path: string;
  readonly graphs = new ModuleGraphs({
    doors: { "portico/protocol": new URL("protocol/index.ts", HOME).href },
    home: HOME,
  });
  #writes = 0;

  constructor(path: string) {
    this.path = path;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /** Each write has a time of its own, however soon it comes. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const file = this.at(name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      this.#writes += 1;
      utimesSync(file, 1e9, 1e9 + this.#writes);
    }
  }

  /** Loads `names` as a reload does; what they export. */
  async load(...names: string[]): Promise<ModuleExports[]> {
    await this.prepare(names);
    this.graphs.commit();
    return names.map((name) => this.graphs.exports(this.at(name)));
  }

  prepare(names: readonly string[], sources?: Sources): Promise<void> {
    const terms = { deadlineMs: DEADLINE_MS, ...(sources === undefined ? {} : { sources }) };
    return this.graphs.prepare(
      names.map((name) => this.at(name)),
      terms,
    );
  }
}

export function withModules(
  files: Readonly<Record<string, string>>,
  use: (folder: ModuleFolder) => Promise<void>,
): Promise<void> {
  return withTemporaryFolder(async (path) => {
    const folder = new ModuleFolder(path);
    folder.write(files);
    try {
      await use(folder);
    } finally {
      folder.graphs.close();
    }
  });
}
