// Where modules from outside lie, and how the thread that reads configs loads them.
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Wrong } from "../config/index.ts";
import { ModuleGraphs, withoutMarks, type ModuleExports } from "../runtime/index.ts";
import { doors, HOME } from "./doors.ts";

// There is no config yet that could say it.
const LOAD_MS = 60_000;
// Stands for the package while it is looked for.
const ASKED = "portico:package";

/** The file of the package `name`, as an import in a file of `folder` finds it. */
export function resolvePackage(name: string, folder: string): string | Wrong {
  const parentURL = pathToFileURL(join(folder, "portico.toml")).href;
  // `import.meta.resolve` looks from its own file; `require.resolve` knows no `import` condition.
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === ASKED ? next(name, { ...context, parentURL }) : next(specifier, context),
  });
  let url: string;
  try {
    url = import.meta.resolve(ASKED);
  } catch (error) {
    return notFound(name, folder, error as NodeJS.ErrnoException);
  } finally {
    hooks.deregister();
  }
  if (url.startsWith("file:")) return fileURLToPath(url);
  return new Wrong(`${JSON.stringify(name)} is no package with files: ${url}`);
}

function notFound(name: string, folder: string, error: NodeJS.ErrnoException): Wrong {
  if (existsSync(join(folder, name))) {
    return new Wrong(`there is no package ${JSON.stringify(name)}`, `the file is "./${name}"`);
  }
  if (error.code !== "ERR_MODULE_NOT_FOUND") return new Wrong(error.message);
  const message = `there is no package ${JSON.stringify(name)} to be found from ${folder}`;
  return new Wrong(message, "packages lie in `node_modules` there or above; files begin with ./");
}

const graphs = new ModuleGraphs({ doors: doors(), home: HOME });
let turn: Promise<unknown> = Promise.resolve();

/**
 * The module in `file`, for this thread: loaded anew where it, or what it imports, has changed.
 * Rejects with a ModuleFailed.
 */
export function importModule(file: string): Promise<ModuleExports> {
  const loading = turn.then(async () => {
    try {
      const exports = await graphs.load(file, { deadlineMs: LOAD_MS, keepsOthers: true });
      graphs.commit();
      return exports;
    } finally {
      graphs.discard();
    }
  });
  turn = loading.catch(() => undefined);
  return loading;
}

/** What code from outside threw, with the line where that is known. */
export function thrownWords(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const [, place] = FRAME.exec(withoutMarks(error.stack ?? "")) ?? [];
  return place === undefined ? error.message : `${error.message} (${decodeURI(place)})`;
}

const FRAME = /^ +at [^\n]*?file:\/\/(\/[^\n]+?:\d+):\d+\)?$/m;
