// The servers that need no Debian package store what they are sent, and a server that does not is
// seen.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Arena } from "./arena.ts";
import { makeMaterial } from "./material.ts";
import { takesUploads, verifiedUpload } from "./measures/uploading.ts";
import { readOptions } from "./options.ts";
import { UPLOADS } from "./rows.ts";
import type { RunningServer } from "./running-server.ts";
import { contestantsFor } from "./servers/all.ts";
import { isIn } from "./servers/contestant.ts";
import { empty, holds, storeIn } from "./store.ts";
import { formOf, upload } from "./uploads.ts";

const folder = mkdtempSync(path.join(tmpdir(), "portico-test-"));
const material = path.join(folder, "public");
const contestants = contestantsFor(readOptions([]));
const ours = contestants.filter(({ needs }) => needs === null);
const arena = new Arena({ folder, material, firstPort: 21_900, seconds: 1 });

before(() => makeMaterial(material, false));
after(async () => {
  await arena.stop();
  rmSync(folder, { recursive: true });
});

for (const contestant of ours) {
  for (const row of UPLOADS) {
    if (!takesUploads(contestant) || !isIn(contestant, row.name)) continue;
    test(`${contestant.name} stores what ${row.name} sends`, async () => {
      const server = await arena.kept(contestant);
      const bytes = Math.min(row.bytes, 1024 * 1024);
      const { method } = await verifiedUpload(server, { ...row, bytes });
      assert.equal(method, row.kind === "form" ? "POST" : "PUT");
      assert.ok(!holds(server.store, randomBytes(bytes)));
    });
  }
}

/** Runs `use` with a server that is none of those. */
async function withServer(
  answer: RequestListener,
  use: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const store = storeIn(path.join(folder, String(port)));
  const double = { port, store, contestant: { name: "double" } };
  try {
    await use(double as unknown as RunningServer);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test("a server that says yes and stores nothing is not measured", () =>
  withServer(
    (request, response) => request.resume().on("end", () => response.writeHead(201).end()),
    async (server) => {
      const row = { kind: "put", bytes: 1000 } as const;
      await assert.rejects(verifiedUpload(server, row), /double did not store what it was sent/);
    },
  ));

for (const status of [301, 404, 413, 500]) {
  test(`an upload that is answered ${status} is no figure`, () =>
    withServer(
      (request, response) => request.resume().on("end", () => response.writeHead(status).end()),
      async ({ port }) => {
        const sent = { method: "PUT", path: () => "/upload/x", headers: {} } as const;
        const load = { connections: 2, count: 3 };
        const content = Buffer.from("content");
        await assert.rejects(
          upload(port, { ...sent, content }, load),
          new RegExp(`is a ${status}`),
        );
      },
    ));
}

test("as many uploads are sent as were to be, each lane to its own place", () => {
  const seen: string[] = [];
  return withServer(
    (request, response) => {
      seen.push(request.url ?? "");
      request.resume().on("end", () => response.writeHead(204).end());
    },
    async ({ port }) => {
      const sent = { method: "PUT", path: (lane: number) => `/upload/${lane}` } as const;
      const content = Buffer.from("content");
      await upload(port, { ...sent, headers: {}, content }, { connections: 3, count: 10 });
      assert.equal(seen.length, 10);
      assert.deepEqual([...new Set(seen)].toSorted(), ["/upload/0", "/upload/1", "/upload/2"]);
    },
  );
});

test("what differs in a byte is not stored, and what servers keep for themselves stays", () => {
  const store = storeIn(path.join(folder, "by-hand"));
  writeFileSync(path.join(store.quick, "a.bin"), "abc");
  writeFileSync(path.join(store.durable, ".kept"), "abd");
  assert.ok(holds(store, Buffer.from("abc")));
  assert.ok(!holds(store, Buffer.from("abd")));
  assert.ok(!holds(store, Buffer.from("abcd")));
  empty(store);
  assert.ok(!holds(store, Buffer.from("abc")));
  assert.ok(!holds(store, Buffer.from("")));
});

test("a form has its file as it is", () => {
  const file = randomBytes(100);
  const { content, headers } = formOf(file);
  assert.ok(content.includes(file));
  const [, boundary] = headers["Content-Type"]!.split("boundary=");
  assert.equal(content.toString("latin1").split(`--${boundary}`).length, 4);
});
