import assert from "node:assert/strict";
import { test } from "node:test";
import type { Exchange } from "../../http/exchange/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { PARTS, partsOf } from "./parts/index.ts";
import { LightRequest } from "./request.ts";

function form(): { exchange: Exchange; request: LightRequest } {
  const fields = { "Content-Type": "multipart/form-data; boundary=x" };
  const body = { length: null, bytesMax: 9, readyBytes: 0, read: async () => null, fill: noBytes };
  const exchange = exchangeOf({ method: "POST", fields, body });
  return { exchange, request: new LightRequest(exchange, new AbortController()) };
}

const noBytes = async (): Promise<number> => 0;

for (const [how, read] of [
  ["whole", (request: LightRequest) => request.text()],
  ["by its stream", (request: LightRequest) => request.body!.getReader().read()],
  ["by a copy", (request: LightRequest) => request.clone().text()],
] as const) {
  test(`a body that was read ${how} is not taken for a form that is cut`, async () => {
    const { exchange, request } = form();
    await read(request);
    assert.throws(() => partsOf(exchange, PARTS), /read already/);
  });
}

test("a request whose parts were asked for has been read, and says so", async () => {
  const { exchange, request } = form();
  const { body } = request;
  assert.equal(request.bodyUsed, false);
  partsOf(exchange, PARTS);
  assert.equal(request.bodyUsed, true);
  await assert.rejects(request.text(), /read already/);
  await assert.rejects(body!.getReader().read(), /read already/);
});
