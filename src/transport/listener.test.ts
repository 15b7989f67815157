import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { RawConnection, withTemporaryFolder } from "../testing/index.ts";
import { formatAddress, ListenError, type ListenAddress, type TcpAddress } from "./address.ts";
import { listen } from "./listener.ts";
import { claimTcp } from "./tcp-claim.ts";
import type { StreamSocket } from "./socket.ts";

const ANY: TcpAddress = { kind: "tcp", host: "127.0.0.1", port: 0 };
const hello = (socket: StreamSocket): void => socket.refuse(Buffer.from("hello"));

async function refused(address: ListenAddress): Promise<ListenError> {
  try {
    await (await listen(address, hello)).close();
  } catch (error) {
    if (error instanceof ListenError) return error;
    throw error;
  }
  return assert.fail(`${formatAddress(address)} was listened on`);
}

for (const { address, expected } of [
  { address: { kind: "tcp", host: "127.0.0.1", port: 80 }, expected: "127.0.0.1:80" },
  { address: { kind: "tcp", host: "::1", port: 8080 }, expected: "[::1]:8080" },
  { address: { kind: "unix", path: "/run/p.sock" }, expected: "unix:/run/p.sock" },
] as { address: ListenAddress; expected: string }[]) {
  test(`${expected} is how that address is written`, () => {
    assert.equal(formatAddress(address), expected);
  });
}

test("port 0 takes a free port, and tells which", async () => {
  const listener = await listen(ANY, hello);
  assert.ok(listener.port > 0);
  const client = await RawConnection.open(listener.port);
  assert.equal(await client.untilEnd(), "hello");
  client.close();
  await listener.close();
});

test("a taken port is told in words, and not taken", async () => {
  const listener = await listen(ANY, hello);
  const error = await refused({ kind: "tcp", host: "127.0.0.1", port: listener.port });
  assert.equal(error.code, "EADDRINUSE");
  assert.match(error.message, new RegExp(`127.0.0.1:${listener.port}.*another address`));
  await listener.close();
});

test("an address that this machine does not have is told in words", async () => {
  const error = await refused({ kind: "tcp", host: "192.0.2.1", port: 0 });
  assert.match(error.message, /^192\.0\.2\.1:0: .*no such address/);
});

test("a unix socket is made, answers, and is gone with its listener", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const listener = await listen({ kind: "unix", path }, hello);
    const client = await RawConnection.open(path);
    assert.equal(await client.untilEnd(), "hello");
    client.close();
    await listener.close();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(existsSync(path), false);
  }));

test("a socket that a killed server left is taken over", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const ending = `() => process.kill(process.pid, "SIGKILL")`;
    const code = `require("net").createServer().listen(${JSON.stringify(path)}, ${ending})`;
    spawnSync(process.execPath, ["-e", code]);
    assert.equal(existsSync(path), true);
    await (await listen({ kind: "unix", path }, hello)).close();
  }));

test("a socket that somebody answers on is left to them", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const other = createServer((socket) => socket.on("error", () => undefined).end("other"));
    await new Promise<void>((resolve) => other.listen(path, resolve));
    assert.equal((await refused({ kind: "unix", path })).code, "EADDRINUSE");
    const client = await RawConnection.open(path);
    assert.equal(await client.untilEnd(), "other");
    client.close();
    await new Promise((resolve) => other.close(resolve));
  }));

test("a file that is no socket is never removed", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "notes.txt");
    await writeFile(path, "mine");
    assert.match((await refused({ kind: "unix", path })).message, /not a socket/);
    assert.equal(existsSync(path), true);
  }));

test("a folder that is missing is told in words", () =>
  withTemporaryFolder(async (folder) => {
    const error = await refused({ kind: "unix", path: join(folder, "none/p.sock") });
    assert.match(error.message, /folder/);
  }));

test("a claimed port is free afterwards, and is shared by who reuses it", async () => {
  const claim = await claimTcp(ANY);
  const { port } = claim;
  assert.ok(port > 0);
  const address = { ...ANY, port };
  const listeners = [await listen(address, hello, { reusePort: true })];
  listeners.push(await listen(address, hello, { reusePort: true }));
  const client = await RawConnection.open(port);
  assert.equal(await client.untilEnd(), "hello");
  client.close();
  for (const listener of listeners) await listener.close();
  claim.release();
});

test("what is claimed nobody else can claim, shared or not, until it is released", async () => {
  const claim = await claimTcp(ANY);
  const address = { ...ANY, port: claim.port };
  for (const isShared of [false, true]) {
    await assert.rejects(claimTcp(address, isShared), { code: "EADDRINUSE" });
  }
  claim.release();
  (await claimTcp(address)).release();
});

test("of many who claim one port at once one gets it", async () => {
  const { port, release } = await claimTcp(ANY);
  release();
  const claims = await Promise.allSettled(
    Array.from({ length: 8 }, () => claimTcp({ ...ANY, port })),
  );
  const got = claims.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  assert.equal(got.length, 1);
  got[0]!.release();
});

test("beside a listener of ours a port can be claimed for sharing it", async () => {
  const listener = await listen(ANY, hello, { reusePort: true });
  const wide = { ...ANY, host: "0.0.0.0", port: listener.port };
  await assert.rejects(claimTcp(wide), { code: "EADDRINUSE" });
  const claim = await claimTcp(wide, true);
  const other = await listen(wide, hello, { reusePort: true });
  for (const one of [listener, other]) await one.close();
  claim.release();
});

for (const reusePort of [true, false]) {
  test(`a port that is ${reusePort ? "shared" : "taken"} by others can't be claimed`, async () => {
    const listener = await listen(ANY, hello, { reusePort });
    const claimed = claimTcp({ ...ANY, port: listener.port });
    await assert.rejects(claimed, (error: ListenError) => error.code === "EADDRINUSE");
    await listener.close();
  });
}

test("what can't be listened on can't be claimed, in the same words", async () => {
  await assert.rejects(claimTcp({ ...ANY, host: "192.0.2.1" }), /no such address/);
});

for (const [host, reached] of [
  ["::", ["127.0.0.1", "::1"]],
  ["0.0.0.0", ["127.0.0.1"]],
  ["::1", ["::1"]],
] as const) {
  test(`[${host}], shared, is reached by ${reached.join(" and ")}`, async () => {
    const claim = await claimTcp({ ...ANY, host });
    const address = { kind: "tcp", host, port: claim.port } as const;
    claim.release();
    const listeners = [await listen(address, hello, { reusePort: true })];
    listeners.push(await listen(address, hello, { reusePort: true }));
    for (const from of ["127.0.0.1", "::1"]) {
      const socket = connect(address.port, from);
      const [came] = await Promise.race([
        once(socket, "data"),
        once(socket, "error").then(() => [""]),
      ]).catch(() => [""]);
      assert.equal(String(came), (reached as readonly string[]).includes(from) ? "hello" : "");
      socket.destroy();
    }
    for (const listener of listeners) await listener.close();
  });
}
