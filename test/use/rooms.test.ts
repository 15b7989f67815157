// Handlers and filters from outside in the real program, with two workers.
import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startPortico, withTemporaryFolder, type RunningProgram } from "../../src/testing/index.ts";
import { runPortico } from "../cli/run-portico.ts";

const ROOMS = fileURLToPath(new URL("rooms", import.meta.url));
const SRC = new URL("../../src/", import.meta.url).href;
const CONFIG = `use = ["./greet.ts", "./tag.ts"]
workers = 2
data = "data"
[[listen]]
address = "127.0.0.1:0"
[[site]]
[[site.route]]
path = "/hi"
greet = { to = "Ann", nameBytes = "2 KiB" }
tag = { says = "outside" }
`;

/** A folder with the rooms and a config that uses them. */
async function withRooms(use: (folder: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await cp(ROOMS, folder, { recursive: true });
    for (const name of ["greet.ts", "tag.ts"]) {
      await rewrite(folder, name, (text) => text.replaceAll("../../../src/", SRC));
    }
    await writeFile(join(folder, "portico.toml"), CONFIG);
    await use(folder);
  });
}

async function rewrite(folder: string, name: string, by: (text: string) => string): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, by(await readFile(file, "utf8")));
}

async function withServer(use: (server: RunningProgram, folder: string) => Promise<void>) {
  await withRooms(async (folder) => {
    const server = await startPortico({ args: ["serve"], cwd: folder });
    try {
      await use(server, folder);
    } finally {
      await server.stop();
    }
  });
}

test("they answer, with the options of the config and their own failures", () =>
  withServer(async ({ urls: [url] }) => {
    for (let asked = 0; asked < 8; asked += 1) {
      const answer = await fetch(`${url}/hi`, { headers: { Connection: "close" } });
      assert.equal(await answer.text(), "hello Ann, 2048");
      assert.equal(answer.headers.get("X-Tag"), "outside");
    }
    const refused = await fetch(`${url}/hi?Bob`);
    assert.equal(refused.status, 418);
    assert.equal(refused.headers.get("X-Tag"), "outside");
    assert.match(await refused.text(), /Nobody by that name is known\./);
    assert.equal((await fetch(`${url}/hi`, { method: "POST" })).status, 405);
  }));

test("a reload takes a room that has changed, its options, too", () =>
  withServer(async ({ urls: [url] }, folder) => {
    await rewrite(folder, "greet.ts", (text) =>
      text
        .replace("nameBytes: size(", "loud: text({ doc: '', fallback: '!' }), nameBytes: size(")
        .replace("({ to, nameBytes })", "({ to, nameBytes, loud })")
        .replace("hello ${to}", "hello ${to}${loud}"),
    );
    await rewrite(folder, "portico.toml", (text) =>
      text.replace('to = "Ann"', 'to = "Eve", loud = "?"'),
    );
    const { code, out } = await runPortico(folder, ["reload"]);
    assert.equal(code, 0);
    assert.match(out, /greet\.to: "Ann" -> "Eve"/);
    for (let asked = 0; asked < 8; asked += 1) {
      const answer = await fetch(`${url}/hi`, { headers: { Connection: "close" } });
      assert.equal(await answer.text(), "hello Eve?, 2048");
    }
  }));

for (const [what, name, from, to, said] of [
  ["a room that does not load", "greet.ts", "export default greet;", "throw 5;", /threw 5/],
  ["a room that is none", "tag.ts", "export default filterRoom(", "export const a = (", /no room/],
  ["options that a room does not have", "portico.toml", "says =", "sais =", /did you mean `says`/],
  ["a module that is gone", "portico.toml", "./tag.ts", "./gat.ts", /did you mean "\.\/tag\.ts"/],
] as const) {
  test(`${what} is refused at a reload, and what was goes on`, () =>
    withServer(async ({ urls: [url] }, folder) => {
      await rewrite(folder, name, (text) => text.replace(from, to));
      const { code, err } = await runPortico(folder, ["reload"]);
      assert.equal(code, 78, err);
      assert.match(err, said);
      assert.equal(await (await fetch(`${url}/hi`)).text(), "hello Ann, 2048");
    }));

  test(`${what} keeps the program from starting, with 78`, () =>
    withRooms(async (folder) => {
      await rewrite(folder, name, (text) => text.replace(from, to));
      const { code, err } = await runPortico(folder, ["serve"]);
      assert.equal(code, 78, err);
      assert.match(err, said);
    }));
}

for (const [what, answer] of [
  ["nothing", "undefined"],
  ["a promise of nothing", "Promise.resolve()"],
  ["a text", '"hello"'],
  ["a failure of nobody's", 'new Failure("neverHeardOf")'],
] as const) {
  test(`a handler that answers with ${what} is a 500, and its worker lives on`, () =>
    withRooms(async (folder) => {
      await rewrite(folder, "greet.ts", (text) =>
        text.replace(/return said\(.*\);/, `return ${answer};`),
      );
      const server = await startPortico({ args: ["serve", "-w", "1"], cwd: folder });
      for (let asked = 0; asked < 3; asked += 1) {
        const { status, headers } = await fetch(`${server.urls[0]}/hi`);
        assert.deepEqual([status, headers.get("X-Tag")], [500, "outside"]);
      }
      await server.stop();
      assert.doesNotMatch(server.stderr(), /died/);
    }));
}

test("a handler that can't be made is refused at the start and at a reload", () =>
  withServer(async ({ urls: [url] }, folder) => {
    await rewrite(folder, "greet.ts", (text) =>
      text.replace(
        "create: ({ to, nameBytes }) => {",
        "$& if (to === 'Eve') throw Error('not her');",
      ),
    );
    await rewrite(folder, "portico.toml", (text) => text.replace('"Ann"', '"Eve"'));
    const reloaded = await runPortico(folder, ["reload"]);
    assert.deepEqual([reloaded.code, /not her/.test(reloaded.err)], [1, true], reloaded.err);
    assert.equal(await (await fetch(`${url}/hi`)).text(), "hello Ann, 2048");
    await rewrite(folder, "portico.toml", (text) => text.replace('"data"', '"other"'));
    const started = await runPortico(folder, ["serve"]);
    assert.deepEqual([started.code, /not her/.test(started.err)], [1, true], started.err);
  }));
