// Apps whose code changes while they are asked: who came before ends with the old code, who comes
// behind it gets the new.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { until, withSite, type Site } from "../../src/testing/index.ts";

const CONFIG = `
data = "data"
[timeouts]
shutdown = "1s"
[[site]]
[[site.route]]
path = "/*"
app = "app.ts"
`;

function appOf(version: number): string {
  return `
import { appendFileSync } from "node:fs";
import { word } from "./word.ts";
const encoder = new TextEncoder();
let open = (): void => {};
export default {
  fetch(request: Request, context): Response | Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/socket") {
      const { socket, response } = context.upgrade();
      socket.addEventListener("message", () => socket.send(word));
      return response;
    }
    if (pathname === "/slow") {
      const gate = new Promise<void>((resolve) => (open = resolve));
      return new Response(new ReadableStream({
        start: (out) => out.enqueue(encoder.encode(word)),
        async pull(out) {
          await gate;
          out.enqueue(encoder.encode(" whole"));
          out.close();
        },
      }));
    }
    if (pathname === "/open") open();
    return new Response(\`${version} \${word}\`);
  },
  dispose(): void {
    appendFileSync(new URL("./disposed", import.meta.url), "${version}\\n");
  },
};
`;
}

function withApp(use: (site: Site) => Promise<void>): Promise<void> {
  const write = async (folder: string): Promise<void> => {
    writeFileSync(`${folder}/app.ts`, appOf(1));
    writeFileSync(`${folder}/word.ts`, 'export const word: string = "old";\n');
  };
  return withSite({ config: CONFIG, workers: 1, make: write, complaints: /reload/ }, use);
}

async function change(site: Site): Promise<void> {
  writeFileSync(site.path("app.ts"), appOf(2));
  writeFileSync(site.path("word.ts"), 'export const word: string = "new";\n');
  process.kill(site.program.pid, "SIGHUP");
  await until(async () => (await (await site.fetch("")).text()) === "2 new");
}

const disposed = (site: Site): string =>
  existsSync(site.path("disposed")) ? readFileSync(site.path("disposed"), "utf8") : "";

test("an answer that has begun is finished by the code that began it", () =>
  withApp(async (site) => {
    const slow = await site.fetch("slow");
    const reader = slow.body!.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, "old");
    await change(site);
    assert.equal(disposed(site), "");
    await reader.cancel();
    await until(() => disposed(site) === "1\n");
  }));

test("a socket of old code answers by it, until it is told to come again", () =>
  withApp(async (site) => {
    const socket = new WebSocket(`${site.program.urls[0]!.replace("http", "ws")}/socket`);
    const said: unknown[] = [];
    const closed = new Promise<number>((resolve) => {
      socket.addEventListener("close", ({ code }) => resolve(code));
    });
    socket.addEventListener("message", ({ data }) => said.push(data));
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    await change(site);
    socket.send("word");
    await until(() => said.length > 0);
    assert.deepEqual(said, ["old"]);
    assert.equal(await closed, 1001);
    await until(() => disposed(site) === "1\n");
    assert.equal(await (await site.fetch("")).text(), "2 new");
  }));

test("a reload that changes no code leaves sockets alone", () =>
  withApp(async (site) => {
    const socket = new WebSocket(`${site.program.urls[0]!.replace("http", "ws")}/socket`);
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    writeFileSync(site.path("portico.toml"), `requestId = true\n${CONFIG}`);
    process.kill(site.program.pid, "SIGHUP");
    await until(async () => (await site.fetch("")).headers.has("x-request-id"));
    const answer = new Promise((resolve) => {
      socket.addEventListener("message", ({ data }) => resolve(data));
    });
    socket.send("word");
    assert.equal(await answer, "old");
    assert.equal(disposed(site), "");
    socket.close();
  }));
