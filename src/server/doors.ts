// The doors of this program, by which the operator's code imports it: always these very modules,
// wherever that code lies and whatever else is installed there.
import { readFileSync } from "node:fs";

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** All of the program lies below it: the sources, or what was built of them. */
export const HOME = new URL("../", import.meta.url).href;

/** By specifier ("portico/protocol"), the URL of the module that it means. */
export function doors(): Record<string, string> {
  const { name, exports } = JSON.parse(readFileSync(new URL("../package.json", HOME), "utf8")) as {
    name: string;
    exports: Record<string, string | { default: string }>;
  };
  const found: Record<string, string> = {};
  for (const [door, target] of Object.entries(exports)) {
    const file = /^\.\/dist\/(.+)\.js$/.exec(typeof target === "string" ? target : target.default);
    if (file !== null) found[name + door.slice(1)] = `${HOME}${file[1]}${EXTENSION}`;
  }
  return found;
}
