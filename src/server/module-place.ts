// Where modules from outside lie, and where in them something went wrong.
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Wrong } from "../config/index.ts";
import type { ModuleExports } from "../http/room.ts";
import { ModuleFailed } from "../runtime/index.ts";

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

/** The module in `file`, as this thread first loaded it. */
export async function importModule(file: string): Promise<ModuleExports> {
  return (await import(pathToFileURL(file).href)) as ModuleExports;
}

/** Why a module could not be loaded, with the line where that is known. */
export function moduleWords(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  if (error instanceof ModuleFailed) return error.message;
  const { message, stack = "" } = error;
  // Of a mistake in the text the place stands before the stack, else in the first frame of a file.
  const place = /^(?:file:\/\/)?(\/[^\n]+?:\d+)$/m.exec(stack) ?? FRAME.exec(stack);
  const [, where] = place ?? [];
  if (where === undefined || message.includes(where)) return message;
  return `${message} (${decodeURI(where)})`;
}

const FRAME = /^ +at [^\n]*?file:\/\/(\/[^\n]+?:\d+):\d+\)?$/m;
