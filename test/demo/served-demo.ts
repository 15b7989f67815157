// A copy of the demo, served by the program, so that what is uploaded lands in the copy.
import { cpSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { startPortico, withTemporaryFolder } from "../../src/testing/index.ts";

export const DEMO = fileURLToPath(new URL("../../examples/demo/", import.meta.url));

export interface ServedDemo {
  /** Without a slash at its end. */
  readonly url: string;
  readonly folder: string;
  /** Names in a folder of `var`, the server's own left out. */
  stored(folder: "pictures"): Promise<string[]>;
}

/** `env` is added to the server's environment. */
export async function withDemo(
  use: (demo: ServedDemo) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    cpSync(DEMO, folder, {
      recursive: true,
      filter: (source) => relative(DEMO, source) !== "var",
    });
    const args = ["serve", "-c", join(folder, "portico.toml"), "-l", "0"];
    const state = { XDG_STATE_HOME: join(folder, "state") };
    const program = await startPortico({ args, env: { ...state, ...env } });
    const stored = async (name: string): Promise<string[]> => {
      const names = await readdir(join(folder, "var", name));
      return names.filter((one) => !one.startsWith("."));
    };
    try {
      await use({ url: program.urls[0]!, folder, stored });
    } finally {
      await program.stop();
    }
  });
}
