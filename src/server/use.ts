// `use`: modules from outside whose rooms join those of the program. They are loaded before the
// rest of a config is looked at, so that their options are checked like any other.
import { BROKEN, resolvePath, sortProblems, Wrong, type Problem } from "../config/index.ts";
import type { ModuleExports, Room } from "../http/room.ts";
import type { Seen } from "./check.ts";
import { LoadedConfig } from "./loaded-config.ts";
import { resolvePackage, thrownWords } from "./module-place.ts";
import { BUILT_IN, RoomRefused, type Registry } from "./registry.ts";
import { isRoom } from "./room-complaint.ts";

/** Loads the module in the file of that absolute path. Rejects with why it can't. */
export type LoadModule = (file: string) => Promise<ModuleExports>;

/** Reads a config whose routes name rooms of `registry`; `look` is shown what is sound of it. */
export type ReadConfig = (
  registry: Registry,
  look: (seen: Seen) => void,
) => LoadedConfig | Problem[];

/** Where a config's modules are from. */
export interface ModuleSource {
  /** In which relative paths start, and packages are looked for from. */
  readonly folder: string;
  readonly loadModule: LoadModule;
}

/**
 * What `read` makes of a config with the rooms that its `use` names. Where these can't be had, that
 * alone is told: what else is wrong can't be known without them.
 */
export async function withUsed(
  read: ReadConfig,
  source: ModuleSource,
): Promise<LoadedConfig | Problem[]> {
  const views: Seen[] = [];
  const loaded = read(BUILT_IN, (view) => views.push(view));
  const seen = views[0];
  if (seen === undefined || seen.value === BROKEN) return loaded;
  const { use } = seen.value;
  if (use === BROKEN || use.includes(BROKEN)) return aboutUse(loaded, seen);
  if (use.length === 0) return loaded;
  const used = await usedBy(seen, use as readonly string[], source);
  if (Array.isArray(used)) return sortProblems(used);
  let again: LoadedConfig | Problem[];
  try {
    again = read(used.registry, () => {});
  } catch (error) {
    // Checks of options are the rooms' own.
    const message = `a check of these modules failed: ${thrownWords(error)}`;
    return [seen.problem(["use"], message)];
  }
  return Array.isArray(again) ? again : new LoadedConfig(again, again.registry, used.modules);
}

/** The program's rooms and those of the modules in `files`. Rejects with what is in the way. */
export async function registryOf(
  files: readonly string[],
  loadModule: LoadModule,
): Promise<Registry> {
  let registry = BUILT_IN;
  for (const file of files) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- names are taken in the order of the list
      registry = await joinedBy(file, registry, loadModule);
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
    }
  }
  return registry;
}

interface Used {
  readonly registry: Registry;
  /** By absolute paths. */
  readonly modules: readonly string[];
}

async function usedBy(
  seen: Seen,
  use: readonly string[],
  { folder, loadModule }: ModuleSource,
): Promise<Used | Problem[]> {
  const problems: Problem[] = [];
  const modules: string[] = [];
  let registry = BUILT_IN;
  for (const [index, name] of use.entries()) {
    const wrong = ({ message, hint }: Wrong): void => {
      problems.push(seen.problem(["use", index], message, hint === null ? {} : { hint }));
    };
    const file = fileOf(name, folder);
    if (typeof file !== "string") {
      wrong(file);
      continue;
    }
    modules.push(file);
    try {
      // oxlint-disable-next-line no-await-in-loop -- names are taken in the order of the list
      registry = await joinedBy(file, registry, loadModule);
    } catch (error) {
      wrong(new Wrong(`${JSON.stringify(name)}: ${(error as Error).message}`));
    }
  }
  return problems.length > 0 ? problems : { registry, modules };
}

function fileOf(name: string, folder: string): string | Wrong {
  if (!/^(\.{0,2}\/|\.{1,2}$)/.test(name)) return resolvePackage(name, folder);
  return resolvePath({ of: "file", exists: true }, name, { path: folder, called: folder });
}

/** `registry` with the rooms of one module. Rejects with an Error whose message says why not. */
async function joinedBy(
  file: string,
  registry: Registry,
  loadModule: LoadModule,
): Promise<Registry> {
  let exports: ModuleExports;
  try {
    exports = await loadModule(file);
  } catch (error) {
    throw new Error(`it could not be loaded: ${(error as Error).message}`, { cause: error });
  }
  const rooms = roomsOf(exports);
  if (rooms.length === 0) {
    throw new RoomRefused("it exports no room: handlerRoom and filterRoom make them");
  }
  return registry.with(rooms);
}

/** What a module exports that is a room; by two names (one of them `default`) it is one. */
function roomsOf(exports: ModuleExports): Room[] {
  return [...new Set<Room>(Object.values(exports).filter(isRoom))];
}

/** Without the rooms of `use` their keys seem unknown: only what is wrong with it is told. */
function aboutUse(loaded: LoadedConfig | Problem[], seen: Seen): LoadedConfig | Problem[] {
  if (!Array.isArray(loaded) || seen.value === BROKEN) return loaded;
  const { use } = seen.value;
  const places = [["use"], ...(use === BROKEN ? [] : use.map((_, index) => ["use", index]))];
  const spots = new Set(places.map((place) => JSON.stringify(seen.origin(place))));
  const about = loaded.filter(({ line, column }) => spots.has(JSON.stringify({ line, column })));
  return about.length === 0 ? loaded : about;
}
