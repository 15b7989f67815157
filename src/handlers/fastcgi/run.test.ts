import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import {
  encodeEndRequest,
  encodeRecord,
  encodeStream,
  FASTCGI_TYPES,
} from "../../protocol/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { ask, withFastCgiBench } from "../../testing/fastcgi-bench.ts";

const OK = "Content-Type: text/plain\r\n\r\n";
const stdout = (text: string, id = 1): Uint8Array =>
  encodeStream(FASTCGI_TYPES.stdout, id, Buffer.from(text));
const end = (id = 1, status = 0): Uint8Array => encodeEndRequest(id, 0, status);

// What a program sends, and what becomes of it: cut where the head came in a read before.
// `thenIt`: the connection's end.
const BROKEN: readonly {
  readonly name: string;
  readonly sends: readonly (Uint8Array | string)[];
  readonly thenIt?: "end" | "die";
  readonly expected: RegExp;
}[] = [
  { name: "nothing", sends: [], thenIt: "end", expected: /^fastcgiCut$/ },
  { name: "nothing, and dies", sends: [], thenIt: "die", expected: /^fastcgiCut$/ },
  {
    name: "an answer in HTTP",
    sends: ["HTTP/1.1 200 OK\r\n\r\n"],
    expected: /^fastcgiVersionUnknown$/,
  },
  {
    name: "half a record's head",
    sends: [stdout(OK).subarray(0, 5)],
    thenIt: "end",
    expected: /^fastcgiCut$/,
  },
  {
    name: "half a record",
    sends: [stdout(OK).subarray(0, 20)],
    thenIt: "end",
    expected: /^fastcgiCut$/,
  },
  { name: "half a head", sends: [stdout("Content-Type: te"), end()], expected: /^cgiEmpty$/ },
  { name: "no output at all", sends: [end()], expected: /^cgiEmpty$/ },
  {
    name: "no type",
    sends: [stdout("X-A: 1\r\n\r\nbody"), end()],
    expected: /^cgiContentTypeMissing$/,
  },
  {
    name: "a page without a head",
    sends: [stdout("<html>\n\n"), end()],
    expected: /^cgiHeadMalformed$/,
  },
  {
    name: "a record of another request",
    sends: [stdout(OK, 2), end(2)],
    expected: /^fastcgiRecordUnasked$/,
  },
  { name: "the end of another request", sends: [end(7)], expected: /^fastcgiRecordUnasked$/ },
  {
    name: "a record that servers send",
    sends: [encodeRecord(FASTCGI_TYPES.stdin, 1, Buffer.from("x"))],
    expected: /^fastcgiRecordUnasked$/,
  },
  {
    name: "an end that is too short",
    sends: [stdout(`${OK}x`), encodeRecord(FASTCGI_TYPES.endRequest, 1, Buffer.alloc(4))],
    expected: /^(200 x…|fastcgiRecordMalformed)$/,
  },
  { name: "that it is overloaded", sends: [end(1, 2)], expected: /^programBusy$/ },
  { name: "that it takes one at a time", sends: [end(1, 1)], expected: /^programBusy$/ },
  { name: "that it knows no such role", sends: [end(1, 3)], expected: /^programFailed$/ },
  {
    name: "a body without an end",
    sends: [stdout(`${OK}half`)],
    thenIt: "end",
    expected: /^200 half…$/,
  },
  {
    name: "a body, and dies",
    sends: [stdout(`${OK}half`)],
    thenIt: "die",
    expected: /^200 half…$/,
  },
  {
    name: "less than its length",
    sends: [stdout(`Content-Length: 9\r\n${OK}half`), end()],
    expected: /^(200 half…|cgiContentCut)$/,
  },
  {
    name: "garbage in the middle of a body",
    sends: [stdout(`${OK}half`), "garbage garbage"],
    expected: /^(200 half…|fastcgiVersionUnknown)$/,
  },
  {
    name: "garbage behind its end",
    sends: [Buffer.concat([stdout(`${OK}whole`), end(), Buffer.from("garbage")])],
    expected: /^200 whole$/,
  },
];

for (const { name, sends, thenIt, expected } of BROKEN) {
  test(`of a program that sends ${name}: ${expected.source}`, () =>
    withFastCgiBench(
      (request) => {
        if (request.params.get("QUERY_STRING") === "good") return request.answer("good");
        for (const bytes of sends) request.raw(bytes);
        request.over();
        if (thenIt === "end") request.socket.end();
        if (thenIt === "die") request.socket.destroy();
      },
      async ({ peer, route }) => {
        const one = route();
        assert.match(await ask(one), expected);
        assert.equal(peer.requests.length, 1, "a request is sent once");
        // What it left on its connection is nobody's answer.
        assert.equal(await ask(one, { target: "/?good" }), "200 good");
      },
    ));
}

test("busy programs say when to come again", () =>
  withFastCgiBench(
    (request) => request.end(2),
    async ({ route }) => {
      const answer = await route().answer(exchangeOf({}));
      assert.ok(answer instanceof Failure);
      assert.deepEqual(answer.fields, [["Retry-After", "2"]]);
    },
  ));

test("a program that is not there can't be reached", () =>
  withFastCgiBench(
    () => {},
    async ({ folder, log, routeTo }) => {
      assert.equal(await ask(routeTo(join(folder, "none.sock"))), "programUnreachable");
      assert.equal(log.warnings.length, 1);
      assert.match(log.warnings[0]!, /: no good answer: programUnreachable ENOENT$/);
    },
  ));
