import { isPackaged } from "./loaded-file.ts";
import { fileOf, generationOf } from "./marks.ts";

/** The operator's files that a new generation has from earlier ones, with theirs. */
export function keptFiles(reached: readonly Set<string>[]): Map<string, number> {
  const kept = new Map<string, number>();
  for (const urls of reached) {
    for (const url of urls) {
      const file = fileOf(url);
      if (!isPackaged(file)) kept.set(file, generationOf(url)!);
    }
  }
  return kept;
}
