import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { waits } from "./waits.ts";

async function withServer(listener: RequestListener, use: (port: number) => Promise<void>) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("requests keep coming while none is answered", () => {
  const held: (() => void)[] = [];
  let answering = false;
  return withServer(
    (_, response) => {
      if (answering) response.end();
      else held.push(() => response.end());
      if (held.length < 20) return;
      answering = true;
      for (const answer of held) answer();
    },
    async (port) => {
      const took = await waits(port, "/", 0.05);
      assert.ok(took.length >= 20);
      // The first was due before the twentieth, and both were answered then.
      assert.ok(took[0]! > took[19]!);
    },
  );
});

for (const status of [304, 404, 503]) {
  test(`an answer of ${status} is no answer`, () =>
    withServer(
      (_, response) => response.writeHead(status).end(),
      (port) => assert.rejects(waits(port, "/", 0.001), new RegExp(`is a ${status}`, "u")),
    ));
}

test("a connection that breaks is no answer", () =>
  withServer(
    (request) => request.destroy(),
    (port) => assert.rejects(waits(port, "/", 0.001)),
  ));
