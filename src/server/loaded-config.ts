// A config as the server holds it: its values, and the rooms that they are for.
import { Loaded } from "../config/index.ts";
import type { Config } from "./config.ts";
import type { Registry } from "./registry.ts";

export class LoadedConfig extends Loaded<Config> {
  readonly registry: Registry;
  /** The modules of `use`, by absolute paths. */
  readonly modules: readonly string[];

  constructor(loaded: Loaded<Config>, registry: Registry, modules: readonly string[] = []) {
    super(loaded.value, loaded.tree, loaded.whole, loaded.source);
    this.registry = registry;
    this.modules = modules;
  }
}
