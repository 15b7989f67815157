import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { TEST_CERTIFICATE, TEST_KEY, withAnswers } from "../testing/index.ts";
import { ClientFailure, type ClientFailureCode } from "./failure.ts";
import {
  HttpClient,
  type AnswerFrom,
  type ClientOptions,
  type ClientRequest,
} from "./http-client.ts";
import type { OutgoingBody } from "./outgoing.ts";

const NOTHING = "HTTP/1.1 204 No Content\r\n\r\n";
const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

function bodyOf(bytes: number, piece = 65_536): OutgoingBody {
  let left = bytes;
  return {
    bytes,
    next: async () => {
      if (left === 0) return null;
      const length = Math.min(piece, left);
      left -= length;
      return Buffer.alloc(length, "x");
    },
    close: async () => undefined,
  };
}

function request(url: string, more: Partial<ClientRequest> = {}): ClientRequest {
  return { method: "GET", url: new URL(url), fields: [], ownFields: [], ...more };
}

function put(url: string, bytes = 5, more: Partial<ClientRequest> = {}): ClientRequest {
  return request(url, { method: "PUT", openBody: async () => bodyOf(bytes), ...more });
}

async function withClient(
  options: ClientOptions,
  use: (client: HttpClient) => Promise<void>,
): Promise<void> {
  const client = new HttpClient(options);
  try {
    await use(client);
  } finally {
    client.close();
  }
}

function good(answer: AnswerFrom | ClientFailure): AnswerFrom {
  assert.ok(!(answer instanceof ClientFailure), (answer as ClientFailure).message);
  return answer;
}

function failed(answer: AnswerFrom | ClientFailure, code: ClientFailureCode): ClientFailure {
  assert.ok(answer instanceof ClientFailure);
  assert.equal(answer.code, code, answer.message);
  return answer;
}

test("one connection has request after request, chunked answers too", () =>
  withAnswers(
    {
      answer: ({ target }) =>
        target === "/c"
          ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
          : HELLO,
    },
    ({ origin, connections }) =>
      withClient({}, async (client) => {
        assert.equal(good(await client.send(request(`${origin}/a?b=c`))).text, "hello");
        assert.equal(good(await client.send(request(`${origin}/c`))).text, "hi");
        assert.equal(good(await client.send(put(`${origin}/d`))).status, 200);
        assert.equal(connections(), 1);
      }),
  ));

test("a POST never goes on a connection that may be at its end", () =>
  withAnswers({ answer: () => HELLO }, ({ origin, connections }) =>
    withClient({}, async (client) => {
      good(await client.send(request(origin)));
      good(await client.send(put(origin, 5, { method: "POST" })));
      assert.equal(connections(), 2);
    }),
  ));

test("a connection that the server ended meanwhile is replaced, once", () =>
  withAnswers(
    // The second request on a connection finds it gone; on a fresh one that would be an error.
    { answer: ({ target, connection }) => (target === "/2" && connection === 0 ? null : HELLO) },
    ({ origin, connections, asked }) =>
      withClient({}, async (client) => {
        good(await client.send(request(`${origin}/1`)));
        assert.equal(good(await client.send(put(`${origin}/2`))).text, "hello");
        assert.equal(connections(), 2);
        assert.equal(asked.at(-1)!.body.toString(), "xxxxx");
      }),
  ));

test("a fresh connection that ends without an answer is cut, and not tried again", () =>
  withAnswers({ answer: () => null }, ({ origin, connections }) =>
    withClient({}, async (client) => {
      failed(await client.send(put(origin)), "cut");
      assert.equal(connections(), 1);
    }),
  ));

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

test("417 means the same again without waiting", () =>
  withAnswers(
    {
      early: ({ fields }) =>
        fields.has("expect")
          ? "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"
          : null,
      answer: () => NOTHING,
    },
    ({ origin, connections }) =>
      withClient({}, async (client) => {
        assert.equal(good(await client.send(put(origin, 1_048_576))).status, 204);
        assert.equal(connections(), 2);
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

/** A server that does what it likes with a connection's socket, and its URL. */
async function withSocket(
  onSocket: (socket: Socket) => void,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
  }
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

for (const status of [307, 308]) {
  test(`${status} has the body sent again, elsewhere`, () =>
    withAnswers(
      {
        answer: ({ target }) =>
          target === "/new"
            ? NOTHING
            : `HTTP/1.1 ${status} Elsewhere\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n`,
      },
      ({ origin, asked }) =>
        withClient({}, async (client) => {
          const answer = good(await client.send(put(`${origin}/old`)));
          assert.deepEqual([answer.status, answer.url.href], [204, `${origin}/new`]);
          assert.deepEqual(
            asked.map(({ method, body }) => `${method} ${body}`),
            ["PUT xxxxx", "PUT xxxxx"],
          );
        }),
    ));
}

for (const status of [301, 302, 303, 305]) {
  test(`${status} does not move a body`, () =>
    withAnswers(
      { answer: () => `HTTP/1.1 ${status} X\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n` },
      ({ origin, asked }) =>
        withClient({}, async (client) => {
          assert.equal(good(await client.send(put(origin))).status, status);
          assert.equal(asked.length, 1);
        }),
    ));
}

for (const location of ["Location: ftp://a/\r\n", "Location: http://\r\n", ""]) {
  test(`a redirect with ${JSON.stringify(location)} leads nowhere`, () =>
    withAnswers(
      { answer: () => `HTTP/1.1 307 X\r\n${location}Content-Length: 0\r\n\r\n` },
      ({ origin }) =>
        withClient({}, async (client) => {
          failed(await client.send(put(origin)), "redirectRefused");
        }),
    ));
}

test("a redirect in a circle ends", () =>
  withAnswers(
    { answer: () => "HTTP/1.1 308 X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n" },
    ({ origin, asked }) =>
      withClient({}, async (client) => {
        failed(await client.send(request(origin)), "redirectRefused");
        assert.equal(asked.length, 6);
      }),
  ));

test("the caller's fields stay with the origin that was named", () =>
  withAnswers({ answer: () => NOTHING }, (other) =>
    withAnswers(
      {
        answer: ({ target }) => {
          const to = target === "/1" ? "/2" : `${other.origin}/3`;
          return `HTTP/1.1 307 X\r\nLocation: ${to}\r\nContent-Length: 0\r\n\r\n`;
        },
      },
      ({ origin, asked }) =>
        withClient({}, async (client) => {
          const ownFields = [["Authorization", "secret"]] as const;
          good(await client.send(put(`${origin}/1`, 5, { ownFields })));
          assert.deepEqual(
            [...asked, ...other.asked].map(({ fields }) => fields.get("authorization")),
            ["secret", "secret", null],
          );
        }),
    ),
  ));

test("the caller's fields take the place of the usual ones", () =>
  withAnswers({ answer: () => NOTHING }, ({ origin, asked }) =>
    withClient({}, async (client) => {
      const ownFields = [
        ["host", "example.org"],
        ["user-agent", "me"],
      ] as const;
      good(await client.send(request(origin, { ownFields })));
      const { fields } = asked[0]!;
      assert.deepEqual([fields.all("host"), fields.all("user-agent")], [["example.org"], ["me"]]);
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

test("an answer that nobody asked for ends the connection, and no request fails by it", () =>
  withAnswers({ answer: () => HELLO + HELLO }, ({ origin }) =>
    withClient({}, async (client) => {
      for (let count = 0; count < 3; count += 1) {
        assert.equal(good(await client.send(request(origin))).text, "hello");
      }
    }),
  ));

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

test("a port where nobody listens, and a name that nobody has, are told in words", () =>
  withClient({}, async (client) => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const refused = failed(await client.send(put(`http://127.0.0.1:${port}/`)), "unreachable");
    assert.match(refused.message, /connection refused/);
    failed(await client.send(put("http://no-such-name.invalid/")), "unreachable");
  }));

const TLS = { cert: TEST_CERTIFICATE, key: TEST_KEY };

test("TLS goes where the certificate is trusted, and nothing is sent where it is not", () =>
  withAnswers({ answer: () => HELLO, tls: TLS }, async ({ origin, asked }) => {
    await withClient({ ca: TEST_CERTIFICATE }, async (client) => {
      assert.equal(good(await client.send(put(`${origin}/a`, 2_000_000))).text, "hello");
    });
    await withClient({}, async (client) => {
      failed(await client.send(put(`${origin}/b`)), "unreachable");
    });
    await withClient({ ca: TEST_CERTIFICATE }, async (client) => {
      const other = origin.replace("127.0.0.1", "localhost");
      failed(await client.send(put(`${other}/c`)), "unreachable");
    });
    assert.deepEqual(
      asked.map(({ target, body }) => [target, body.length]),
      [["/a", 2_000_000]],
    );
  }));

test("a server that speaks no TLS is told so", () =>
  withSocket(
    (socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    (url) =>
      withClient({}, async (client) => {
        const failure = failed(
          await client.send(put(url.replace("http:", "https:"))),
          "unreachable",
        );
        assert.match(failure.message, /TLS: wrong version number$/);
      }),
  ));

test("a redirect from TLS to none is not followed", () =>
  withAnswers(
    {
      answer: () => "HTTP/1.1 307 X\r\nLocation: http://a/\r\nContent-Length: 0\r\n\r\n",
      tls: TLS,
    },
    ({ origin }) =>
      withClient({ ca: TEST_CERTIFICATE }, async (client) => {
        failed(await client.send(put(origin)), "redirectRefused");
      }),
  ));

test("a client that is closed twice is closed", () =>
  withAnswers({ answer: () => HELLO }, ({ origin }) =>
    withClient({}, async (client) => {
      good(await client.send(request(origin)));
      client.close();
      client.close();
      good(await client.send(request(origin)));
    }),
  ));
