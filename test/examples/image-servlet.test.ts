// The image servlet of examples/, run by the real program, and its client.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import {
  answerOn,
  pngWith,
  type RawConnection,
  until,
  withSite,
  type Answered,
  type Site,
} from "../../src/testing/index.ts";
import { CHECKOUT, textOf } from "../checkout.ts";

const EXAMPLE = "examples/image-servlet";
const PICTURE = pngWith();
const MIB = 1024 ** 2;

const run = promisify(execFile);

/** The example as it is, but for what `change` makes of its config. */
function withServlet(
  use: (site: Site) => Promise<void>,
  { change = (config: string) => config, workers = 2 } = {},
): Promise<void> {
  const make = async (folder: string): Promise<void> => {
    for (const file of ["servlet.ts", "client.ts", "stored.ts"]) {
      // oxlint-disable-next-line no-await-in-loop -- three
      await copyFile(join(CHECKOUT, EXAMPLE, file), join(folder, file));
    }
  };
  const config = change(textOf(`${EXAMPLE}/portico.toml`));
  return withSite({ config, make, workers }, use);
}

const client = async (
  site: Site,
  file: string,
): Promise<{ code: number; stdout: string; stderr: string }> => {
  const url = `${site.program.urls[0]}/pictures/`;
  try {
    const said = await run(process.execPath, ["client.ts", file, url], { cwd: site.folder });
    return { code: 0, ...said };
  } catch (error) {
    return error as Awaited<ReturnType<typeof client>>;
  }
};

function stored(site: Site): Promise<string[]> {
  return readdir(site.path("var", "pictures"));
}

test("the client's picture is stored, and is the same when it comes back", () =>
  withServlet(async (site) => {
    await writeFile(site.path("a b.png"), PICTURE);
    const { code, stdout } = await client(site, "a b.png");
    const url = `${site.program.urls[0]}/pictures/a%20b.png`;
    assert.equal(
      stdout,
      `stored as a b.png: image/png, ${PICTURE.length} bytes\n${url} is the same picture\n`,
    );
    assert.equal(code, 0);
    assert.deepEqual(await readFile(site.path("var", "pictures", "a b.png")), PICTURE);
    const range = await site.fetch("pictures/a%20b.png", { headers: { range: "bytes=1-3" } });
    assert.deepEqual([range.status, await range.text()], [206, "PNG"]);
    const again = { "if-none-match": range.headers.get("etag")! };
    assert.equal((await site.fetch("pictures/a%20b.png", { headers: again })).status, 304);
  }));

test("the client says what the server refuses", () =>
  withServlet(async (site) => {
    await writeFile(site.path("a.png"), "<script>");
    const { code, stderr } = await client(site, "a.png");
    assert.match(stderr, /^415 Unsupported Media Type: Files like this are not taken here\./);
    assert.equal(code, 1);
    assert.deepEqual(await stored(site), []);
  }));

function formOf(name: string, content: Uint8Array | string, type = ""): FormData {
  const form = new FormData();
  form.append("note", "words");
  form.append(
    "f",
    new File([typeof content === "string" ? content : Uint8Array.from(content)], name, { type }),
  );
  return form;
}

function fieldsOnly(): FormData {
  const form = new FormData();
  form.append("a", "b");
  return form;
}

const REFUSED: readonly [what: string, body: RequestInit["body"] & {}, status: number][] = [
  ["HTML that is called a picture", formOf("a.png", "<html>"), 415],
  ["a picture that is called a script", formOf("a.php", PICTURE), 415],
  [
    "a picture that is too large",
    formOf("a.png", Buffer.concat([PICTURE, Buffer.alloc(MIB)])),
    413,
  ],
  ["no form", "words", 415],
  ["a form without a file", new URLSearchParams({ a: "b" }), 415],
  ["a form of parts without a file", fieldsOnly(), 400],
];
test("what is refused leaves nothing", () =>
  withServlet(
    async (site) => {
      for (const [what, body, status] of REFUSED) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const answer = await site.fetch("pictures/", { method: "POST", body });
        assert.equal(answer.status, status, what);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        assert.deepEqual(await stored(site), [], what);
      }
    },
    { change: (config) => config.replace('"1 GiB"', '"1 MiB"') },
  ));

const BOUNDARY = "xyz";
const HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n`;
const END = `\r\n--${BOUNDARY}--\r\n`;

async function post(site: Site, bytes: number): Promise<RawConnection> {
  const connection = await site.open();
  const length = HEAD.length + bytes + END.length;
  const fields = `Host: localhost\r\nConnection: close\r\nContent-Length: ${length}`;
  const type = `Content-Type: multipart/form-data; boundary=${BOUNDARY}`;
  await connection.send(`POST /pictures/ HTTP/1.1\r\n${fields}\r\n${type}\r\n\r\n${HEAD}`);
  return connection;
}

test("a client that leaves in the middle leaves nothing", () =>
  withServlet(async (site) => {
    const connection = await post(site, MIB);
    await connection.send(PICTURE);
    await until(async () => (await stored(site)).length === 1);
    connection.close();
    await until(async () => (await stored(site)).length === 0);
  }));

const PART_MIB = 256;

test(`a part of ${PART_MIB} MiB takes no more than 64 MiB over idle`, () =>
  withServlet(
    async (site) => {
      const block = Buffer.alloc(MIB, "what is in a picture, ");
      await send(site, block, 8); // what is made once is there
      const idle = await memoryOf(site);
      let most = 0;
      const answer = await send(site, block, PART_MIB, async () => {
        most = Math.max(most, await memoryOf(site));
      });
      const hash = createHash("sha256").update(PICTURE);
      for (let sent = 0; sent < PART_MIB; sent += 1) hash.update(block);
      assert.equal(answer.status, 201, answer.body);
      assert.ok(answer.body.includes(hash.digest("hex")), answer.body);
      const over = (most - idle) / MIB;
      assert.ok(over <= 64, `${over.toFixed(1)} MiB over idle`);
    },
    { workers: 1, change: (config) => `${config}\ndurability = "none"\n` },
  ));

/** A picture of so many blocks; `look` is called behind each. */
async function send(
  site: Site,
  block: Uint8Array,
  blocks: number,
  look: () => Promise<void> = async () => undefined,
): Promise<Answered> {
  const connection = await post(site, PICTURE.length + blocks * block.length);
  await connection.send(PICTURE);
  for (let sent = 0; sent < blocks; sent += 1) {
    // oxlint-disable-next-line no-await-in-loop -- no faster than it is taken
    await connection.send(block);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await look();
  }
  await connection.send(END);
  return answerOn(connection);
}

async function memoryOf({ program }: Site): Promise<number> {
  const status = await readFile(`/proc/${program.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
}
