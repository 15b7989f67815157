// What strangers store must not be run: no folder that uploads go to lies in one whose files a
// program route runs, nor around one. Links are followed as far as there is something there.
import type { HandlerRoom } from "../http/room.ts";
import { areNested } from "./nested-folders.ts";

/** A route, as far as it stores or runs what is in folders. */
export interface FolderRoute {
  /** As the config has it. */
  readonly path: string;
  readonly room: Pick<HandlerRoom, "name" | "uploadsTo" | "reaches">;
  readonly options: unknown;
}

/** An upload route whose files could be run. */
export interface RunUpload<Route> {
  readonly upload: Route;
  readonly message: string;
}

export function findRunUploads<Route extends FolderRoute>(
  routes: readonly Route[],
): RunUpload<Route>[] {
  return routes.flatMap((upload) => {
    const to = upload.room.uploadsTo?.(upload.options) ?? null;
    if (to === null) return [];
    for (const { path, room, options } of routes) {
      const run = room.reaches?.(options).find((folder) => areNested(to, folder));
      if (run === undefined) continue;
      const message =
        `what the ${upload.room.name} route ${upload.path} stores in ${JSON.stringify(to)} could ` +
        `be run: the ${room.name} route ${path} runs what is in ${JSON.stringify(run)}`;
      return [{ upload, message }];
    }
    return [];
  });
}
