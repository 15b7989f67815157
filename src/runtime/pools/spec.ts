// What a pool of processes is: a program in several processes, each of which listens on a unix
// socket of its own, so that who has been given the use of one never waits behind another.
import { createHash } from "node:crypto";
import { join } from "node:path";

export interface PoolSpec {
  /** For whom it is, and nobody else: at a reload one that has it and says the same is kept. */
  readonly place: string;
  /** How the log names it. */
  readonly name: string;
  /** The program, by name or absolute path, and what it is given. */
  readonly command: readonly [string, ...string[]];
  readonly workers: number;
  readonly cwd: string;
  /** Beside PATH, LANG and what makes PHP end now and then. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where process `index` of `spec` listens, below the server's folder for what runs. */
export function poolSocket(folder: string, spec: PoolSpec, index: number): string {
  return join(folder, `${poolKey(spec)}-${index}`);
}

const KEY_LENGTH = 12;
/** Of a name in the folder. */
export const SOCKET_NAME_BYTES_MAX = KEY_LENGTH + 5;

/** Of all that a pool is. */
export function poolKey({ place, command, workers, cwd, env }: PoolSpec): string {
  const all = JSON.stringify([place, command, workers, cwd, Object.entries(env)]);
  return createHash("sha256").update(all).digest("hex").slice(0, KEY_LENGTH);
}
