import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { text } from "../../http/exchange/index.ts";
import { withTemporaryFolder } from "../../testing/index.ts";
import { ConfigError } from "../config-error.ts";
import { load } from "./config-source.ts";
import { createServer } from "./create-server.ts";
import { route } from "./typed-config.ts";

const HELLO = route("/hi/:name", ({ params }) => text(`hi ${params.name}`));

const BAD = [
  { config: { listen: "nowhere:x" }, says: /listen/ },
  { config: { routes: [{ path: "/hi/:1" }] }, says: /routes\[0\]|parameter/ },
  { config: { routes: [{ path: "/a", handle: "text" }] }, says: /a handler: a function/ },
  {
    config: {
      routes: [
        { path: "/:a", handle: text },
        { path: "/:b", handle: text },
      ],
    },
    says: /names/,
  },
  { config: { wokers: 1 }, says: /workers/ },
  { config: null, says: /config/ },
  { config: [], says: /config: here is a list; this is a table/ },
  { config: { workers: 2, routes: [HELLO] }, says: /a function can't go to another thread/ },
];
for (const { config, says } of BAD) {
  test(`what ${JSON.stringify(config)} gets wrong is thrown at once`, () => {
    assert.throws(
      () => createServer(config as never),
      (error: Error) => error instanceof ConfigError && says.test(error.message),
    );
  });
}

test("a server logs nothing, and has one worker, unless it is told", async () => {
  const { value } = await load({});
  assert.deepEqual([value.log.access, value.workers], ["off", 1]);
  const told = await load({ workers: 3, log: { access: "stderr", level: "warn" } });
  assert.deepEqual([told.value.log.access, told.value.workers], ["stderr", 3]);
});

test("a room of `use` is loaded before routes are looked at", () =>
  withTemporaryFolder(async (folder) => {
    const file = join(folder, "none.ts");
    const config = { use: [file], routes: [{ path: "/", mine: true }] } as never;
    createServer(config); // what is wrong with it is known by its start
    await assert.rejects(load(config), ConfigError);
    await writeFile(file, "export const a = 1;");
    await assert.rejects(load(config), /exports no room/);
  }));
