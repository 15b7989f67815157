import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket as WsClient } from "ws";
import {
  clientFrame,
  exchangeOf,
  OPENING,
  turns,
  until,
  withEngine,
  type EngineServer,
} from "../../../testing/index.ts";
import { Reply, type Answer, type Exchange } from "../../../http/exchange/index.ts";
import type { ServerWebSocket } from "./server-web-socket.ts";
import { upgradeOf, type UpgradeOptions, type UpgradeResponse } from "./upgrade.ts";

type App = (socket: ServerWebSocket, response: UpgradeResponse) => unknown;

async function withApp(
  app: App,
  use: (server: EngineServer & { errors: unknown[] }) => Promise<void>,
  options: UpgradeOptions = {},
): Promise<void> {
  const errors: unknown[] = [];
  const answer = async (exchange: Exchange): Promise<Answer> => {
    const { socket, response } = upgradeOf(exchange, options, (error) => errors.push(error));
    const own = await app(socket, response);
    return own instanceof Reply ? own : response.reply();
  };
  await withEngine(answer, (server) => use({ ...server, errors }));
}

/** What `client` is told, as far as it came. */
function heard(client: WebSocket): { readonly said: unknown[]; readonly closes: CloseEvent[] } {
  const said: unknown[] = [];
  const closes: CloseEvent[] = [];
  client.addEventListener("message", ({ data }) => said.push(data));
  client.addEventListener("close", (event) => closes.push(event));
  return { said, closes };
}

const echo: App = (socket) => {
  socket.addEventListener("message", ({ data }) => socket.send(data as string));
};

test("Node's own client and ws talk to it, in text and bytes of all sizes", async () => {
  await withApp(echo, async ({ port }) => {
    const node = new WebSocket(`ws://127.0.0.1:${port}/`);
    node.binaryType = "arraybuffer";
    const { said, closes } = heard(node);
    await once(node, "open");
    const texts = ["", "x", "é".repeat(100), "x".repeat(70_000), "y".repeat(1_000_000)];
    for (const text of texts) node.send(text);
    const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);
    node.send(bytes);
    await until(() => said.length === 6);
    assert.deepEqual(said.slice(0, 5), texts);
    assert.deepEqual(new Uint8Array(said[5] as ArrayBuffer), bytes);
    node.close(3000, "done");
    await until(() => closes.length === 1);
    assert.deepEqual([closes[0]!.code, closes[0]!.wasClean], [3000, true]);
    const other = new WsClient(`ws://127.0.0.1:${port}/`);
    await once(other, "open");
    assert.equal(other.extensions, "");
    other.send("ws");
    const [data] = (await once(other, "message")) as [Buffer];
    assert.equal(data.toString(), "ws");
    other.close();
    await once(other, "close");
  });
});

test("the first subprotocol that both speak is agreed on, by the app's order", async () => {
  const protocols: string[] = [];
  const app: App = (socket) => protocols.push(socket.protocol);
  const use = async ({ port }: EngineServer): Promise<void> => {
    const client = new WebSocket(`ws://127.0.0.1:${port}/`, ["old", "new", "other"]);
    await once(client, "open");
    assert.deepEqual([client.protocol, protocols], ["new", ["new"]]);
    client.close();
  };
  await withApp(app, use, { protocols: ["newest", "new", "old"] });
});

test("fields that the app adds go out with the 101", async () => {
  const app: App = (_socket, response) => response.headers.append("Set-Cookie", "a=b");
  await withApp(app, async ({ open }) => {
    const client = await open();
    await client.send(OPENING);
    const head = await client.until("\r\n\r\n");
    assert.match(head, /^HTTP\/1\.1 101 [^]*s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=[^]*cookie: a=b\r\n/i);
  });
});

test("messages can be taken one by one, and the loop ends with the socket", async () => {
  const taken: unknown[] = [];
  let ended = false;
  const app: App = (socket) => {
    const loop = async (): Promise<void> => {
      for await (const message of socket) taken.push(message);
      ended = true;
    };
    void loop();
  };
  await withApp(app, async ({ port }) => {
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    await once(client, "open");
    for (const text of ["a", "b", "c"]) client.send(text);
    client.close();
    await until(() => ended);
    assert.deepEqual(taken, ["a", "b", "c"]);
  });
});

for (const way of ["a listener's promises", "a loop"] as const) {
  test(`where ${way} can't keep up, the client is not read from, and nothing is lost`, async () => {
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    let done = 0;
    const app: App = (socket) => {
      const handle = async (message: unknown): Promise<void> => {
        await gate;
        assert.ok(message);
        done += 1;
      };
      if (way === "a loop") {
        void (async () => {
          for await (const message of socket) await handle(message);
        })();
      } else socket.addEventListener("message", handle);
    };
    await withApp(app, async ({ open, engine }) => {
      const client = await open();
      await client.send(OPENING);
      await client.until("\r\n\r\n");
      const messages = Array.from({ length: 400 }, () => clientFrame("x".repeat(50_000)));
      const sent = client.send(Buffer.concat(messages));
      await until(() => engine.counters.receivedBytes > 256 * 1024);
      await turns(50);
      assert.ok(engine.counters.receivedBytes < 2_000_000, `${engine.counters.receivedBytes}`);
      letGo();
      await sent;
      await until(() => done === 400);
    });
  });
}

test("who sends much and waits for `drained` never has more waiting than is let", async () => {
  let most = 0;
  const app: App = (socket) => {
    socket.addEventListener("open", async () => {
      for (let sent = 0; sent < 500; sent += 1) {
        socket.send(new Uint8Array(50_000));
        most = Math.max(most, socket.bufferedAmount);
        // oxlint-disable-next-line no-await-in-loop -- that is what is tested
        await socket.drained();
      }
      socket.close(1000);
    });
  };
  await withApp(app, async ({ port }) => {
    const client = new WsClient(`ws://127.0.0.1:${port}/`);
    let bytes = 0;
    client.on("message", (data: Buffer) => (bytes += data.length));
    await once(client, "open");
    client.pause();
    await turns(100);
    client.resume();
    await once(client, "close");
    assert.equal(bytes, 25_000_000);
    assert.ok(most > 100_000 && most < 400_000, `${most}`);
  });
});

for (const [name, listener] of [
  ["throws", () => assert.fail("a bug")],
  ["rejects", async () => assert.fail("a bug")],
] as const) {
  test(`a listener that ${name} closes its socket with 1011, and is told`, async () => {
    await withApp(
      (socket) => socket.addEventListener("message", listener),
      async ({ port, errors }) => {
        const client = new WebSocket(`ws://127.0.0.1:${port}/`);
        const { closes } = heard(client);
        await once(client, "open");
        client.send("x");
        await until(() => closes.length === 1);
        assert.deepEqual([closes[0]!.code, errors.length], [1011, 1]);
      },
    );
  });
}

for (const reason of ["the server stops", "the app is replaced"]) {
  test(`${reason}: the client is closed with 1001`, async () => {
    const leaving = new AbortController();
    const use = async ({ port, engine }: EngineServer): Promise<void> => {
      const client = new WebSocket(`ws://127.0.0.1:${port}/`);
      const { closes } = heard(client);
      await once(client, "open");
      if (reason === "the server stops") await engine.drain();
      else leaving.abort();
      await until(() => closes.length === 1 && engine.connections === 0);
      assert.deepEqual([closes[0]!.code, closes[0]!.wasClean], [1001, true]);
    };
    await withApp(echo, use, { signal: leaving.signal });
  });
}

test("an app may close before the answer, and may not send before", async () => {
  const app: App = (socket) => {
    assert.equal(socket.readyState, 0);
    assert.throws(() => socket.send("too soon"), { name: "InvalidStateError" });
    socket.close(3000, "no room");
  };
  await withApp(app, async ({ port }) => {
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    const { closes } = heard(client);
    await until(() => closes.length === 1);
    assert.deepEqual([closes[0]!.code, closes[0]!.reason], [3000, "no room"]);
  });
});

test("a socket whose answer is not given is closed by that, and holds nothing", async () => {
  const events: string[] = [];
  const exchange = (): Exchange =>
    exchangeOf({
      fields: Object.fromEntries(
        OPENING.split("\r\n")
          .slice(1, -2)
          .map((line) => line.split(": ")),
      ),
    });
  const { socket, response } = upgradeOf(exchange(), {}, () => undefined);
  socket.addEventListener("close", ({ code }) => events.push(`close ${code}`));
  const loop = (async () => {
    for await (const message of socket) events.push(typeof message);
    events.push("the loop's end");
  })();
  response.abandon();
  response.abandon();
  await loop;
  assert.deepEqual([events, socket.readyState], [["close 1006", "the loop's end"], 3]);
  await socket.drained();
  socket.send("nowhere");
  socket.close();
});
