import assert from "node:assert/strict";
import { test } from "node:test";
import { eventText, retryText, type ServerSentEvent } from "./event-text.ts";

const CASES: readonly [ServerSentEvent, string][] = [
  [{ data: "hello" }, "data: hello\n\n"],
  [{ data: "" }, "data: \n\n"],
  [{ data: " led by a space" }, "data:  led by a space\n\n"],
  [{ data: "a\nb\r\nc\rd" }, "data: a\ndata: b\ndata: c\ndata: d\n\n"],
  [{ data: "\n\nevent: forged\n\n" }, "data: \ndata: \ndata: event: forged\ndata: \ndata: \n\n"],
  [{ data: "id: 9" }, "data: id: 9\n\n"],
  [{ data: "x", event: "joined", id: "7" }, "id: 7\nevent: joined\ndata: x\n\n"],
  [{ data: "x", id: "" }, "id: \ndata: x\n\n"],
  [{ data: "a\u2028b\u0085c\vd" }, "data: a\u2028b\u0085c\vd\n\n"],
];
for (const [event, expected] of CASES) {
  test(`${JSON.stringify(event)} is ${JSON.stringify(expected)}`, () => {
    assert.equal(eventText(event), expected);
  });
}

const REFUSED = [
  { data: "x", event: "a\ndata: forged" },
  { data: "x", event: "a\rb" },
  { data: "x", event: "a\0" },
  { data: "x", id: "1\n\ndata: forged" },
  { data: "x", id: "1\r" },
  { data: "x", id: "1\0" },
  { data: "x", id: 7 },
  { data: "x", event: null },
  { data: 7 },
  { data: null },
  {},
];
for (const event of REFUSED) {
  test(`${JSON.stringify(event)} is refused`, () => {
    assert.throws(() => eventText(event as unknown as ServerSentEvent), TypeError);
  });
}

for (const ms of [-1, 1.5, Number.NaN, Infinity, "5\ndata: x"]) {
  test(`a retry of ${JSON.stringify(ms)} is refused`, () => {
    assert.throws(() => retryText(ms as number), TypeError);
  });
}

test("a retry is a field of its own", () => assert.equal(retryText(3000), "retry: 3000\n\n"));
