import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { TEST_CERTIFICATE, TEST_KEY, withAnswers } from "../testing/index.ts";
import { failed, good, put, request, withClient, withSocket } from "../testing/client-requests.ts";

const NOTHING = "HTTP/1.1 204 No Content\r\n\r\n";
const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

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

test("a kept connection that ends in its answer is cut, and the request not sent again", () =>
  withAnswers(
    {
      answer: ({ target }) =>
        target === "/2"
          ? "HTTP/1.1 201 X\r\nConnection: close\r\nContent-Length: 9\r\n\r\nhel"
          : HELLO,
    },
    ({ origin, connections, asked }) =>
      withClient({}, async (client) => {
        good(await client.send(request(`${origin}/1`)));
        failed(await client.send(put(`${origin}/2`)), "cut");
        assert.deepEqual([connections(), asked.length], [1, 2]);
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

test("an answer that nobody asked for ends the connection, and no request fails by it", () =>
  withAnswers({ answer: () => HELLO + HELLO }, ({ origin }) =>
    withClient({}, async (client) => {
      for (let count = 0; count < 3; count += 1) {
        assert.equal(good(await client.send(request(origin))).text, "hello");
      }
    }),
  ));

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
