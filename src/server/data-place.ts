// Where durable state lies: where the config says, else in a folder for state that the service
// manager or the desktop's rules name. Each config has its own below the user's.
import { createHash } from "node:crypto";
import { basename, dirname, isAbsolute, join } from "node:path";

const NAME_LENGTH_MAX = 40;

export interface DataPlace {
  readonly path: string;
  /** Nobody named it: where it can't be made, a server can do without. */
  readonly isDefault: boolean;
}

/**
 * The data folder of the server whose config says `data` (an absolute path), read from `configFile`
 * (its real path, so that a config has one folder by all its names). Null where there is none: a
 * server without a config, or a user without a home.
 */
export function dataPlace(
  data: string | undefined,
  configFile: string | null,
  env: Readonly<Record<string, string | undefined>>,
): DataPlace | null {
  if (data !== undefined) return { path: data, isDefault: false };
  if (configFile === null) return null;
  // systemd makes it for this service alone (systemd.exec(5), StateDirectory=); of several the
  // first is meant.
  const ofService = absolute(env["STATE_DIRECTORY"]?.split(":")[0]);
  if (ofService !== null) return { path: ofService, isDefault: true };
  const ofUser = stateHome(env);
  if (ofUser === null) return null;
  return { path: join(ofUser, "portico", nameFor(configFile)), isDefault: true };
}

/** XDG Base Directory Specification: paths that are not absolute are to be ignored. */
function stateHome(env: Readonly<Record<string, string | undefined>>): string | null {
  const named = absolute(env["XDG_STATE_HOME"]);
  if (named !== null) return named;
  const home = absolute(env["HOME"]);
  return home === null ? null : join(home, ".local/state");
}

function absolute(path: string | undefined): string | null {
  return path !== undefined && isAbsolute(path) ? path : null;
}

/** Readable by the folder's name, told apart by the whole path: `shop-1f2e3d4c`. */
function nameFor(configFile: string): string {
  const words = basename(dirname(configFile))
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+/u, ""); // not hidden, and no option for whoever lists it
  const word = [...words].slice(0, NAME_LENGTH_MAX).join("") || "portico";
  const digest = createHash("sha256").update(configFile).digest("hex");
  return `${word}-${digest.slice(0, 8)}`;
}
