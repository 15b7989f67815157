// What a config says of its data folder, whatever else it says: commands find a running server by
// it while its config is being changed, and may be broken.
import { BROKEN, loadConfig, type Problem, type Sound } from "../config/index.ts";
import { schemaFor, type Config } from "./config.ts";
import { BUILT_IN } from "./registry.ts";

export interface DataKey {
  /** The absolute path; undefined where the config leaves it out. */
  readonly data: string | undefined;
  /** Lines that could not be read may have held the key. */
  readonly isSure: boolean;
}

/** Reads the key `data` of a config's text; all problems of the text where that can't be told. */
export function dataKeyOf(text: string, file: string): DataKey | Problem[] {
  const seen: { value: Sound<Config>; whole: boolean }[] = [];
  const loaded = loadConfig(text, file, schemaFor(BUILT_IN), (read) => {
    seen.push(read);
    return [];
  });
  const [read] = seen;
  if (read !== undefined && read.value !== BROKEN && read.value.data !== BROKEN) {
    const { data } = read.value;
    return { data, isSure: read.whole || data !== undefined };
  }
  return Array.isArray(loaded) ? loaded : { data: loaded.value.data, isSure: true };
}
