// The program against a server that is not ours: Node's own, which reads and answers by other code.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { truncate, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../src/testing/index.ts";
import { runPortico } from "./run-portico.ts";

type Site = { folder: string; url: string; stored: Map<string, string> };

/** A server that keeps digests of what is put, serves none of it, and takes at most 20 MB. */
async function withSite(use: (site: Site) => Promise<void>): Promise<void> {
  const stored = new Map<string, string>();
  const server = createServer((request, response) => answer(request, response, stored));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    await withTemporaryFolder((folder) => use({ folder, url, stored }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  stored: Map<string, string>,
): unknown {
  const { method, url = "", headers } = request;
  if (method === "HEAD") {
    const digest = stored.get(url);
    if (digest === undefined) return response.writeHead(404).end();
    return response.writeHead(200, { "Repr-Digest": `sha-256=:${digest}:` }).end();
  }
  if (Number(headers["content-length"]) > 20_000_000) {
    response.writeHead(413, { "Content-Type": "text/plain", Connection: "close" });
    return response.end("20 MB at most");
  }
  const hash = createHash("sha256");
  request.on("data", (bytes: Buffer) => hash.update(bytes));
  return request.on("end", () => {
    stored.set(url, hash.digest("base64"));
    response.writeHead(201).end();
  });
}

test("files are uploaded, verified, and found again", () =>
  withSite(async ({ folder, url, stored }) => {
    await writeFile(join(folder, "a b.txt"), "hello");
    await writeFile(join(folder, "large.bin"), "");
    await truncate(join(folder, "large.bin"), 10_000_000);
    const uploaded = await runPortico(folder, ["upload", "a b.txt", "large.bin", url]);
    const lines =
      `a b.txt: stored at ${url}a%20b.txt (5 B, verified)\n` +
      `large.bin: stored at ${url}large.bin (9.5 MiB, verified)\n`;
    assert.deepEqual(uploaded, { code: 0, out: lines, err: "" });
    const verified = await runPortico(folder, ["verify", "a b.txt", "large.bin", url]);
    assert.deepEqual([verified.code, verified.err], [0, ""]);
    await writeFile(join(folder, "a b.txt"), "hallo");
    const { code, out } = await runPortico(folder, ["verify", "a b.txt", "large.bin", url]);
    assert.equal(code, 1);
    assert.match(out, /^a b\.txt: differs from .*\nlarge\.bin: same as .*\n$/);
    assert.equal(stored.size, 2);
  }));

test("a file that is too large is not sent whole to be refused", () =>
  withSite(async ({ folder, url, stored }) => {
    await writeFile(join(folder, "huge.bin"), "");
    await truncate(join(folder, "huge.bin"), 50_000_000_000); // a hole: nobody has to read it
    const { code, out, err } = await runPortico(folder, ["upload", "huge.bin", url]);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /larger than the server takes .*; it says: 20 MB at most\n$/);
    assert.equal(stored.size, 0);
  }));

test("wrong usage is exit 2, and sends nothing", () =>
  withSite(async ({ folder, url, stored }) => {
    await writeFile(join(folder, "a"), "a");
    for (const args of [["a"], [url], ["a", "none", url], ["a", ".", url], ["a", "a", url]]) {
      const { code, out, err } = await runPortico(folder, ["upload", ...args]);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(err, /^portico: .*\n$/);
    }
    assert.equal(stored.size, 0);
  }));
