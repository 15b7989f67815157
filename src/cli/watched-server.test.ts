import assert from "node:assert/strict";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { startPortico, withTemporaryFolder, type RunningProgram } from "../testing/index.ts";

const SRC = new URL("../", import.meta.url);
const CONFIG = `use = ["./room.ts"]
data = "var"
workers = 2
[[listen]]
address = "127.0.0.1:0"
[log]
access = "off"
[[site]]
[[site.route]]
path = "/*"
word = {}
`;

/** A room that answers with a word of another file. */
const ROOM = `import { word } from "./word.ts";
import { table } from "${new URL("config/index.ts", SRC).href}";
import { Reply } from "${new URL("http/exchange/index.ts", SRC).href}";
import { handlerRoom } from "${new URL("http/room.ts", SRC).href}";
export default handlerRoom({
  name: "word", doc: "A word.", options: table({}), create: () => () => new Reply(200, [], word),
});
`;

const wordFile = (word: string): string => `export const word = Buffer.from("${word}");`;

async function untilTold(program: RunningProgram, words: RegExp): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- bounded by the test's own limit
  while (!words.test(program.stderr())) await delay(20);
}

async function untilAnswered(program: RunningProgram, word: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one behind the other
    const answer = await fetch(program.urls[0]!, { headers: { connection: "close" } });
    // oxlint-disable-next-line no-await-in-loop
    if ((await answer.text()) === word) return;
    // oxlint-disable-next-line no-await-in-loop
    await delay(20);
  }
  throw new Error(`never answered ${word}: ${program.stderr()}`);
}

test(
  "what is saved is served, and a mistake is told while the old goes on",
  { timeout: 90_000 },
  () =>
    withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, "portico.toml"), CONFIG);
      await writeFile(join(folder, "room.ts"), ROOM);
      await writeFile(join(folder, "word.ts"), wordFile("one"));
      const args = ["serve", "-c", join(folder, "portico.toml"), "--watch"];
      const program = await startPortico({ args });
      await untilAnswered(program, "one");
      await writeFile(join(folder, "word.ts"), wordFile("two"));
      await untilAnswered(program, "two");
      await writeFile(join(folder, "word.ts"), "let = ;");
      await untilTold(program, /word\.ts:1: SyntaxError/);
      await untilAnswered(program, "two");
      await writeFile(join(folder, "word.ts~"), wordFile("three"));
      await rename(join(folder, "word.ts~"), join(folder, "word.ts"));
      await untilAnswered(program, "three");
      assert.equal(await program.stop(), 0);
      assert.match(program.stderr(), /reloaded: word\.ts changed/);
    }),
);
