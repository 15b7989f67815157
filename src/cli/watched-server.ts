// `portico serve --watch`: a reload whenever the config or the code that it names is saved. What it
// did, or why it could not, is in the log, as of any reload.
import { FileWatch } from "../runtime/index.ts";
import type { RunningServer } from "../server/index.ts";

/**
 * Reloads `server` when `configFile`, or a file of its code, is saved. Until what it returns is
 * called.
 */
export function reloadOnSave(server: RunningServer, configFile: string): () => void {
  let isOver = false;
  const watch = new FileWatch(() => void reload());
  const look = (any: boolean): void => watch.look([configFile, ...server.codeFiles()], { any });
  async function reload(): Promise<void> {
    const { ok } = await server.reload("watch");
    if (!isOver) look(!ok);
  }
  look(false);
  return () => {
    isOver = true;
    watch.close();
  };
}
