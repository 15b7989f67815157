import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import {
  programFiles,
  ran,
  told,
  withTemporaryFolder,
  type AskedFor,
} from "../../testing/index.ts";
import { Reply } from "../exchange/index.ts";

async function withFiles(use: (folder: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "sub"));
    await writeFile(join(folder, "sub/a b.txt"), "content");
    await writeFile(join(folder, "code.php"), "<?php");
    await writeFile(join(folder, ".secret"), "x");
    await symlink("/etc/passwd", join(folder, "out.txt"));
    await use(folder);
  });
}

function naming(folder: string, file: string, more = ""): string {
  const path = Buffer.from(`${folder}/${file}`).toString("latin1");
  const own = "Content-Type: text/x-own\nContent-Disposition: inline\n";
  return `${own}X-Sendfile: ${path}\n${more}\nignored`;
}

test("a file that X-Sendfile names goes out, with what the program said of it", async () => {
  await withFiles(async (folder) => {
    const rules = { sendFrom: [programFiles.root(folder, false)] };
    const got = await ran(naming(folder, "sub/a b.txt", "Set-Cookie: a=1\n"), { rules });
    const text = await told(got);
    assert.match(text, /^200 .*\[content\]$/);
    assert.match(
      text,
      /Content-Type: text\/x-own \| Content-Disposition: inline \| Set-Cookie: a=1/,
    );
    assert.match(text, /ETag: /);
    assert.doesNotMatch(text, /Sendfile|text\/plain/i);
    assert.deepEqual(got.calls, ["leave"]);
  });
});

test("a file whose type the program doesn't say has its own", async () => {
  await withFiles(async (folder) => {
    const rules = { sendFrom: [programFiles.root(folder, false)] };
    for (const name of ["X-Sendfile", "X-LIGHTTPD-send-file"]) {
      const got = await ran(`${name}: ${folder}/sub/a b.txt\nX-A: b\n\nignored`, { rules });
      assert.match(await told(got), /^200 .*Content-Type: text\/plain.*X-A: b.*\[content\]$/);
    }
  });
});

test("X-Sendfile honours ranges and preconditions", async () => {
  await withFiles(async (folder) => {
    const rules = { sendFrom: [programFiles.root(folder, false)] };
    const output = naming(folder, "sub/a b.txt");
    const part = await ran(output, { rules, asked: { fields: { Range: "bytes=1-3" } } });
    assert.match(await told(part), /^206 .*Content-Range: bytes 1-3\/7.*\[ont\]$/);
    const same = await ran(output, { rules, asked: { fields: { "If-None-Match": "*" } } });
    assert.match(await told(same), /^304 /);
  });
});

for (const [file, code] of [
  ["nowhere", "notFound"],
  ["sub", "notFound"],
  [".secret", "notFound"],
  ["code.php", "forbidden"],
  ["out.txt", "forbidden"],
  ["../elsewhere", "notFound"],
  ["sub/../code.php", "forbidden"],
] as const) {
  test(`X-Sendfile of ${file} is ${code}`, async () => {
    await withFiles(async (folder) => {
      const rules = { sendFrom: [programFiles.root(folder, false)] };
      assert.equal(await told(await ran(naming(folder, file), { rules })), code);
    });
  });
}

test("X-Sendfile of a file that lies in none of the route's folders is no answer", async () => {
  await withFiles(async (folder) => {
    assert.equal(await told(await ran(naming(folder, "sub/a b.txt"))), "programFailed");
    const rules = { sendFrom: [programFiles.root(`${folder}/su`, false)] };
    assert.equal(await told(await ran(naming(folder, "sub/a b.txt"), { rules })), "programFailed");
  });
});

test("X-Accel-Redirect is answered by the route that it names, with what is said", async () => {
  const asked: AskedFor = {
    method: "POST",
    dispatch: ({ method, path }) =>
      new Reply(
        200,
        [
          ["Content-Type", "text/plain"],
          ["ETag", '"e"'],
        ],
        Buffer.from(method + path),
      ),
  };
  const head = "Content-Type: a/b\nSet-Cookie: a=1\nX-Accel-Redirect: /internal/a%20b\n\n";
  const text = await told(await ran(head, { asked }));
  assert.equal(text, '200 ETag: "e" | Content-Type: a/b | Set-Cookie: a=1 [GET/internal/a b]');
});

test("what X-Accel-Redirect names and is not there is not found", async () => {
  const asked: AskedFor = { dispatch: () => new Failure("notFound") };
  const head = "Content-Type: a/b\nX-Accel-Redirect: /nowhere\n\n";
  assert.equal(await told(await ran(head, { asked })), "notFound");
  const other = "Content-Type: a/b\nX-Accel-Redirect: http://example.org/\n\n";
  assert.equal(await told(await ran(other)), "programFailed");
});
