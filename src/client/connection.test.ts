import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import { withAnswers } from "../testing/index.ts";
import {
  bodyOf,
  failed,
  good,
  put,
  request,
  withClient,
  withSocket,
} from "../testing/client-requests.ts";
import { ClientFailure, type ClientFailureCode } from "./failure.ts";
import type { OutgoingBody } from "./outgoing.ts";

const NOTHING = "HTTP/1.1 204 No Content\r\n\r\n";
const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

test("interim answers are skipped", () =>
  withAnswers(
    { answer: () => `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${HELLO}` },
    ({ origin }) =>
      withClient({}, async (client) => {
        assert.equal(good(await client.send(put(origin))).text, "hello");
      }),
  ));

test("a large body waits for 100, a small one does not", () =>
  withAnswers({ answer: () => NOTHING }, ({ origin, asked }) =>
    // It would wait for ever if the 100 were not heard.
    withClient({ continueWaitMs: 2 ** 30 }, async (client) => {
      good(await client.send(put(origin, 1_048_576)));
      good(await client.send(put(origin, 1_048_575)));
      assert.deepEqual(
        asked.map(({ fields, body }) => [fields.get("expect"), body.length]),
        [
          ["100-continue", 1_048_576],
          [null, 1_048_575],
        ],
      );
    }),
  ));

test("a server that never says 100 gets the body anyway", () =>
  withAnswers({ answer: () => NOTHING, continues: false }, ({ origin }) =>
    withClient({ continueWaitMs: 1 }, async (client) => {
      assert.equal(good(await client.send(put(origin, 1_048_576))).status, 204);
    }),
  ));

for (const continues of [true, false]) {
  test(`a 413 ends the sending and is read, ${continues ? "asked first" : "in its midst"}`, () => {
    const early = (): string => "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";
    return withAnswers({ early, answer: () => NOTHING }, ({ origin, asked }) =>
      withClient({ continueWaitMs: continues ? 2 ** 30 : 0 }, async (client) => {
        // More than the buffers of both ends hold: to send it all, somebody has to read it.
        const answer = good(await client.send(put(origin, 256 * 1024 * 1024)));
        assert.deepEqual([answer.status, answer.text, answer.early], [413, "big", true]);
        assert.equal(asked.length, 0);
      }),
    );
  });
}

test("an early answer is heard where the server resets the connection behind it", async () => {
  const body = bodyOf(256 * 1024 * 1024);
  let pieces = 0;
  const counted = { ...body, next: () => ((pieces += 1), body.next()) };
  const untilStuck = async (): Promise<void> => {
    for (let turns = 0, seen = -1; turns < 100; turns += 1) {
      if (pieces !== seen) [turns, seen] = [0, pieces];
      await new Promise(setImmediate);
    }
  };
  const refuse = async (socket: Socket): Promise<void> => {
    socket.pause();
    await untilStuck();
    socket.write("HTTP/1.1 507 Full\r\nContent-Length: 4\r\n\r\nfull", () => {
      socket.resetAndDestroy();
    });
  };
  await withSocket(
    (socket) => socket.once("data", () => void refuse(socket)),
    (url) =>
      withClient({ continueWaitMs: 0 }, async (client) => {
        const answer = good(await client.send(put(url, 0, { openBody: async () => counted })));
        assert.deepEqual([answer.status, answer.text], [507, "full"]);
      }),
  );
});

test("an answer is heard that came with a reset while a piece was read", async () => {
  let onReset: () => void = () => undefined;
  const reset = new Promise<void>((resolve) => {
    onReset = resolve;
  });
  const body = bodyOf(131_072);
  let pieces = 0;
  const next = async () => {
    if (++pieces > 1) await reset;
    return body.next();
  };
  await withSocket(
    (socket) => {
      let readBytes = 0;
      socket.on("data", ({ length }: Buffer) => {
        readBytes += length;
        if (readBytes < 65_536 + 50) return; // the head and the first piece
        socket.write("HTTP/1.1 413 Large\r\nContent-Length: 3\r\n\r\nbig", () => {
          socket.resetAndDestroy();
          onReset();
        });
      });
    },
    (url) =>
      withClient({}, async (client) => {
        const openBody = async () => ({ ...body, next });
        const answer = good(await client.send(put(url, 0, { openBody })));
        assert.deepEqual([answer.status, answer.text], [413, "big"]);
      }),
  );
});

test("a body that fails on its way is not finished, and the failure is the body's", () =>
  withAnswers({ answer: () => NOTHING }, ({ origin, asked }) =>
    withClient({}, async (client) => {
      const body: OutgoingBody = {
        bytes: 10,
        next: async () => new ClientFailure("fileChanged", "it did"),
        close: async () => undefined,
      };
      const answer = await client.send(put(origin, 0, { openBody: async () => body }));
      failed(answer, "fileChanged");
      assert.equal(asked.length, 0);
    }),
  ));

const CLOSE = "Connection: close\r\n";
const HOSTILE: { answer: string; code: ClientFailureCode }[] = [
  { answer: "SSH-2.0-OpenSSH\r\n", code: "answerMalformed" },
  { answer: "<html>\r\n\r\n", code: "answerMalformed" },
  { answer: "HTTP/1.1 101 Switching Protocols\r\n\r\n", code: "answerMalformed" },
  { answer: `HTTP/1.1 200 OK\r\nA: ${"x".repeat(70_000)}\r\n\r\n`, code: "answerMalformed" },
  { answer: "HTTP/1.1 100 Continue\r\n\r\n".repeat(40), code: "answerMalformed" },
  {
    answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    code: "answerMalformed",
  },
  { answer: `HTTP/1.1 200 OK\r\n${CLOSE}Content-Length: 9\r\n\r\nhello`, code: "cut" },
  { answer: `HTTP/1.1 200 OK\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`, code: "cut" },
  { answer: `HTTP/1.1 100 Continue\r\n${CLOSE}\r\n`, code: "cut" },
];
for (const { answer, code } of HOSTILE) {
  test(`${JSON.stringify(answer.slice(0, 70))} is ${code}`, () =>
    withAnswers({ answer: () => answer }, ({ origin }) =>
      withClient({}, async (client) => {
        failed(await client.send(put(origin)), code);
      }),
    ));
}

test("of a page without end only so much is kept", () => {
  const page = `HTTP/1.1 500 Oh\r\n\r\n${"x".repeat(3_000_000)}`;
  return withAnswers({ answer: () => page }, ({ origin }) =>
    withClient({}, async (client) => {
      assert.equal(good(await client.send(request(origin))).text.length, 1_048_576);
    }),
  );
});

test("a taker has the content of a 200, until it wants no more", () => {
  const long = `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(100_000)}`;
  return withAnswers({ answer: () => long }, ({ origin }) =>
    withClient({}, async (client) => {
      let taken = 0;
      const openTaker = () => (bytes: Uint8Array) => (taken += bytes.length) < 10;
      assert.equal(good(await client.send(request(origin, { openTaker }))).text, "");
      assert.ok(taken >= 10);
    }),
  );
});

test("a server that says nothing is not waited for without end", () =>
  withAnswers({ answer: () => new Promise(() => undefined) }, ({ origin }) =>
    withClient({ idleTimeoutMs: 20 }, async (client) => {
      failed(await client.send(put(origin)), "timedOut");
    }),
  ));

test("a signal ends a request, one before it and one while connecting", () =>
  withAnswers({ answer: () => new Promise(() => undefined) }, async ({ origin, asked }) => {
    const controller = new AbortController();
    await withClient({ signal: controller.signal }, async (client) => {
      const answer = client.send(put(origin));
      while (asked.length === 0) await new Promise(setImmediate);
      controller.abort();
      failed(await answer, "aborted");
      failed(await client.send(put(origin)), "aborted");
    });
    const later = new AbortController();
    await withClient({ signal: later.signal }, async (client) => {
      const answer = client.send(put(origin));
      later.abort();
      failed(await answer, "aborted");
    });
  }));
