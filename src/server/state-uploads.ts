// What the server keeps for itself (sessions, its lock) is served to nobody, and nobody writes over
// it: no folder that uploads go to lies in the data folder, nor around it.
import { areNested } from "./nested-folders.ts";
import type { FolderRoute } from "./run-uploads.ts";

/** An upload route that stores where the server keeps its state. */
export interface StateUpload<Route> {
  readonly upload: Route;
  readonly message: string;
}

export function findStateUploads<Route extends Omit<FolderRoute, "reaches">>(
  routes: readonly Route[],
  data: string,
): StateUpload<Route>[] {
  return routes.flatMap((upload) => {
    const to = upload.room.uploadsTo?.(upload.options) ?? null;
    if (to === null || !areNested(to, data)) return [];
    const message =
      `the ${upload.room.name} route ${upload.path} stores in ${JSON.stringify(to)}, and the ` +
      `data folder is ${JSON.stringify(data)}: neither may lie in the other`;
    return [{ upload, message }];
  });
}
