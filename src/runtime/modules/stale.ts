// Which graphs are to be loaded anew, by which of their files have changed.
import { isPackaged } from "./loaded-file.ts";
import { fileOf } from "./marks.ts";

/** A graph, with the URLs of all its files. */
interface Reached<Graph> {
  readonly graph: Graph;
  readonly urls: ReadonlySet<string>;
}

export interface Stale<Graph> {
  readonly stale: ReadonlySet<Graph>;
  /** Packages are, all of them: they know each other. */
  readonly packages: boolean;
}

/** `files`: all that are known, by their URLs; packages that nobody imports any more among them. */
export function whatIsStale<Graph>(
  graphs: readonly Reached<Graph>[],
  files: ReadonlyMap<string, unknown>,
  changed: (url: string) => boolean,
): Stale<Graph> {
  const changedUrls = new Set([...files.keys()].filter(changed));
  const packages = [...changedUrls].some((url) => isPackaged(fileOf(url)));
  const goes = (url: string): boolean => {
    return changedUrls.has(url) || (packages && isPackaged(fileOf(url)));
  };
  const stale = new Set<Graph>();
  // The operator's files of stale graphs: who has one of them goes along.
  const leaving = new Set<string>();
  for (let before = -1; before !== stale.size;) {
    before = stale.size;
    for (const { graph, urls } of graphs) {
      if (stale.has(graph)) continue;
      if (![...urls].some((url) => goes(url) || leaving.has(url))) continue;
      stale.add(graph);
      for (const url of urls) if (!isPackaged(fileOf(url))) leaving.add(url);
    }
  }
  return { stale, packages };
}
