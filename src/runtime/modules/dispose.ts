// A module's last word: `export function dispose()`, or a method of its default export.
import type { Log } from "../../base/log.ts";
import type { ModuleExports } from "./module-graphs.ts";

/** A module that was loaded, by its file. */
export interface LoadedModule {
  readonly file: string;
  readonly exports: ModuleExports;
}

/** Has `modules` give back what they hold. What goes wrong is logged, and that is all. */
export async function disposeOf(modules: readonly LoadedModule[], log: Log): Promise<void> {
  await Promise.all(
    modules.map(async ({ file, exports }) => {
      try {
        const { dispose, default: main } = exports as { dispose?: unknown; default?: unknown };
        if (typeof dispose === "function") await dispose();
        else await disposable(main)?.dispose();
      } catch (error) {
        log.error(`${file}: its dispose failed`, error);
      }
    }),
  );
}

function disposable(main: unknown): { dispose(): unknown } | null {
  if ((typeof main !== "object" && typeof main !== "function") || main === null) return null;
  return typeof (main as { dispose?: unknown }).dispose === "function"
    ? (main as { dispose(): unknown })
    : null;
}
