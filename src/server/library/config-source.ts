// Where the config of a program's own server comes from: a value, which is checked like a file.
import { ConfigError } from "../config-error.ts";
import { configFromValue, readConfigValue, type ConfigInput } from "../config-value.ts";
import type { LoadedConfig } from "../loaded-config.ts";
import { importModule } from "../module-place.ts";

/** Throws a ConfigError where `config` does not hold. Rooms of `use` are looked at by `load`. */
export function expectGood(config: ConfigInput): void {
  // Of what is no table, or has another kind of `use`, the schema tells.
  if (Array.isArray(config?.use) && config.use.length > 0) return;
  const loaded = configFromValue(asServed(config));
  if (Array.isArray(loaded)) throw new ConfigError(loaded);
  expectMovable(loaded, config);
}

/** The config, checked, with the rooms that it uses. Rejects with a ConfigError. */
export async function load(config: ConfigInput): Promise<LoadedConfig> {
  const loaded = await readConfigValue(asServed(config), { loadModule: importModule });
  if (Array.isArray(loaded)) throw new ConfigError(loaded);
  expectMovable(loaded, config);
  return loaded;
}

/** Whether it serves in the thread that starts it: functions can't go to another. */
export function isLocal(config: ConfigInput): boolean {
  return config.workers === undefined;
}

/** A program's own server writes nothing where nobody asked for it. */
function asServed(config: ConfigInput): ConfigInput {
  // Of what is none, the schema tells.
  if (typeof config !== "object" || config === null || Array.isArray(config)) return config;
  const { log } = config;
  const isTable = log === undefined || (typeof log === "object" && log !== null);
  return { workers: 1, ...config, ...(isTable ? { log: { access: "off", ...log } } : {}) };
}

function expectMovable(loaded: LoadedConfig, config: ConfigInput): void {
  if (isLocal(config)) return;
  for (const [site, { route }] of loaded.value.site.entries()) {
    for (const [index, given] of route.entries()) {
      const key = ["handle", "filters"].find(
        (name) => (given as Record<string, unknown>)[name] !== undefined,
      );
      if (key === undefined) continue;
      const message = "a function can't go to another thread";
      const hint = "leave out `workers`, or name a module by `app` or `use`";
      throw new ConfigError([
        loaded.problem(["site", site, "route", index, key], message, { hint }),
      ]);
    }
  }
}
