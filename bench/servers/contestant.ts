// What is compared: a server that can be asked for its version and for the command that starts
// it. Every server answers the same paths of the same folder, and `/hello` with `hello` where
// it has a way of its own to do so. Those that take uploads take `PUT /upload/NAME`, and forms
// of files by `POST /upload/`, neither hashed nor flushed, and `PUT /durable/NAME`, which is
// both. Those that have apps answer `/app/hello` with `hello` by code, at once, and
// `/app/async` behind a promise; those that run scripts have them at `/cgi-bin/`, and pages of PHP
// by php-fpm at `/php/` and `/kept/`.
import type { BackendName } from "../backends.ts";
import type { Store } from "../store.ts";

export interface Setting {
  /** A folder of the server's own, for its config and what it writes. */
  readonly folder: string;
  /** The folder that is served. */
  readonly material: string;
  /** The folder of the scripts. */
  readonly scripts: string;
  /** Where those listen that scripts are handed to. */
  readonly socketOf: (name: BackendName) => string;
  /** Where uploads go. */
  readonly store: Store;
  readonly port: number;
  readonly workers: number;
}

export interface Contestant {
  /** Its column, and what `--servers` calls it. */
  readonly name: string;
  /** The program that it needs and its Debian package; null where the checkout brings it. */
  readonly needs: Need | null;
  readonly version: () => string;
  /** Writes its config; returns the command, which serves in the foreground. */
  readonly command: (setting: Setting) => string[];
  /** How many workers it can have; asked once it has shown its version. */
  readonly workersMax: () => number;
  /** Whether what is installed takes uploads; without it, it does. */
  readonly uploads?: () => boolean;
  /** Whether what is installed runs scripts, or hands them on; without it, it does not. */
  readonly scripts?: (kind: "cgi" | "fastcgi") => boolean;
  /** What runs scripts for it, where it does not itself. */
  readonly runner?: BackendName;
  /** The rows that it has no native way for, or whose figure would only repeat another's. */
  readonly without: readonly string[];
  /** It ends helping threads of its own, and starts others. */
  readonly threadsEnd?: true;
  /** The rows that it is here for, where it has only some. */
  readonly only?: readonly string[];
}

/** Whether `contestant` has a figure in the row called `name`. */
export function isIn({ without, only }: Contestant, name: string): boolean {
  return !without.includes(name) && only?.includes(name) !== false;
}

export interface Need {
  readonly program: string;
  readonly debianPackage: string;
}

/** The rows of what programs answer by code of their own. */
export const APP_ROWS: readonly string[] = ["app-hello", "app-async"];

/** The rows of apps behind a session: Portico's alone, to be compared with its apps without. */
export const SESSION_ROWS: readonly string[] = ["app-no-session", "app-session"];

/** The media types of the material, for servers that come without any. */
export const MEDIA_TYPES = [
  ["html", "text/html"],
  ["bin", "application/octet-stream"],
] as const;

/** What the tiny reply says. */
export const HELLO = "hello";
