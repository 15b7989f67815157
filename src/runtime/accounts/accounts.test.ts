import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { TurnedClock, withTemporaryFolder } from "../../testing/index.ts";
import { AccountClient, accountWithoutWorkers } from "./account-client.ts";
import { Accounts } from "./accounts.ts";

const MINUTE = 60_000;

/** Clients of owners 0 to 2 over one server's accounts; folders hold what `held` says. */
function accountsOf(held: Record<string, number> = {}) {
  const clock = new TurnedClock();
  const looks: string[] = [];
  const warnings: string[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const bench = { gated: false };
  const nothing = (): void => {};
  const accounts = new Accounts({
    clock,
    log: {
      debug: nothing,
      info: nothing,
      error: nothing,
      warn: (line) => void warnings.push(line),
    },
    post: (owner, message) => clients[owner]!.receive(message),
    measure: async (folder) => {
      looks.push(folder);
      const bytes = held[folder] ?? 0;
      if (bytes < 0) throw new Error("broken disk");
      if (!bench.gated) return bytes;
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      return bytes;
    },
  });
  const clients = [0, 1, 2].map(
    (owner) => new AccountClient((message) => accounts.receive(owner, message)),
  ) as [AccountClient, AccountClient, AccountClient];
  for (const owner of [0, 1, 2]) accounts.ownerCame(owner);
  return { accounts, clients, clock, looks, warnings, held, gates, bench };
}

test("what is there and what is reserved counts against the limit, over all workers", async () => {
  const { clients, looks } = accountsOf({ "/a": 40 });
  assert.equal(await clients[0].reserve("/a", 30, 100), true);
  assert.equal(await clients[1].reserve("/a", 31, 100), false);
  assert.equal(await clients[1].reserve("/a", 30, 100), true);
  assert.equal(await clients[2].reserve("/a", 1, 100), false);
  assert.equal(await clients[2].reserve("/b", 100, 100), true);
  assert.deepEqual(looks, ["/a", "/b"]);
});

test("wishes that wait for one measurement do not share its room", async () => {
  const { clients, looks } = accountsOf({ "/a": 0 });
  const wishes = clients.flatMap((client) => [
    client.reserve("/a", 40, 100),
    client.reserve("/a", 40, 100),
  ]);
  const granted = (await Promise.all(wishes)).filter(Boolean);
  assert.equal(granted.length, 2);
  assert.deepEqual(looks, ["/a"]);
});

test("what was dropped frees its room, what stays takes what it takes", async () => {
  const { clients } = accountsOf();
  const [client, other] = clients;
  assert.equal(await client.reserve("/a", 100, 100), true);
  client.settle("/a", 100, 0);
  assert.equal(await client.reserve("/a", 100, 100), true);
  client.settle("/a", 100, 70);
  assert.equal(await other.reserve("/a", 31, 100), false);
  assert.equal(await other.reserve("/a", 30, 100), true);
  client.settle("/a", 0, -20);
  assert.equal(await client.reserve("/a", 20, 100), true);
  assert.equal(await client.reserve("/a", 1, 100), false);
});

test("nobody settles what another has reserved, nor more than it has", async () => {
  const { clients } = accountsOf();
  assert.equal(await clients[0].reserve("/a", 100, 100), true);
  clients[1].settle("/a", 100, 0);
  assert.equal(await clients[1].reserve("/a", 1, 100), false);
  clients[0].settle("/a", 1000, 0);
  assert.equal(await clients[1].reserve("/a", 100, 100), true);
  clients[2].settle("/a", 0, -1000);
  assert.equal(await clients[2].reserve("/a", 1, 100), false);
});

test("what is larger than the limit is refused without a look", async () => {
  const { clients, looks } = accountsOf({ "/a": 0 });
  assert.equal(await clients[0].reserve("/a", 101, 100), false);
  assert.deepEqual(looks, []);
});

test("before it refuses it looks whether somebody made room, but not all the time", async () => {
  const { clients, clock, looks, held } = accountsOf({ "/a": 100 });
  assert.equal(await clients[0].reserve("/a", 10, 100), false);
  held["/a"] = 50;
  assert.equal(await clients[0].reserve("/a", 10, 100), false);
  assert.equal(looks.length, 1);
  clock.turn(3000);
  assert.equal(await clients[0].reserve("/a", 10, 100), true);
  assert.equal(looks.length, 2);
});

test("a folder that takes long to look at is looked at less often", async () => {
  const { clients, clock, looks, gates, bench } = accountsOf({ "/a": 100 });
  bench.gated = true;
  const first = clients[0].reserve("/a", 10, 100);
  clock.turn(60_000);
  gates[0]!.resolve();
  assert.equal(await first, false);
  clock.turn(9 * MINUTE);
  assert.equal(await clients[0].reserve("/a", 10, 100), false);
  assert.equal(looks.length, 1);
});

test("ten minutes later it is measured anew, and nobody who has room waits", async () => {
  const { clients, clock, gates, bench, held } = accountsOf({ "/a": 0 });
  assert.equal(await clients[0].reserve("/a", 10, 100), true);
  clients[0].settle("/a", 10, 10);
  clock.turn(11 * MINUTE);
  bench.gated = true;
  held["/a"] = 95;
  assert.equal(await clients[0].reserve("/a", 10, 100), true);
  clients[0].settle("/a", 10, 0);
  gates[0]!.resolve();
  await setImmediate();
  assert.equal(await clients[0].reserve("/a", 10, 100), false);
});

test("what comes while it is measured counts on top; what goes does not count", async () => {
  const { clients, clock, gates, bench } = accountsOf({ "/a": 50 });
  assert.equal(await clients[0].reserve("/a", 20, 100), true);
  clock.turn(11 * MINUTE);
  bench.gated = true;
  assert.equal(await clients[1].reserve("/a", 1, 100), true);
  clients[0].settle("/a", 20, 20);
  clients[1].settle("/a", 1, -50);
  gates[0]!.resolve();
  await setImmediate();
  assert.equal(await clients[0].reserve("/a", 31, 100), false);
  assert.equal(await clients[0].reserve("/a", 30, 100), true);
});

test("death frees what was reserved, and has the folder measured", async () => {
  const { accounts, clients, looks, held } = accountsOf({ "/a": 0, "/b": 0 });
  assert.equal(await clients[0].reserve("/a", 100, 100), true);
  assert.equal(await clients[1].reserve("/b", 100, 100), true);
  held["/a"] = 60; // it placed a file, and told nobody
  accounts.ownerGone(0);
  accounts.ownerGone(0);
  await setImmediate();
  assert.deepEqual(looks, ["/a", "/b", "/a"]);
  assert.equal(await clients[1].reserve("/a", 41, 100), false);
  assert.equal(await clients[1].reserve("/a", 40, 100), true);
});

test("what arrives from the dead does nothing, and a wish of theirs takes nothing", async () => {
  const { accounts, clients, gates, bench } = accountsOf();
  bench.gated = true;
  void clients[0].reserve("/a", 100, 100);
  accounts.ownerGone(0);
  void clients[0].reserve("/a", 100, 100);
  clients[0].settle("/a", 0, 100);
  gates[0]!.resolve();
  bench.gated = false;
  assert.equal(await clients[1].reserve("/a", 100, 100), true);
});

test("a folder that can't be measured is told of, and takes what was not settled", async () => {
  const { clients, warnings } = accountsOf({ "/a": -1 });
  assert.equal(await clients[0].reserve("/a", 100, 100), true);
  assert.equal(await clients[0].reserve("/a", 1, 100), false);
  assert.deepEqual(warnings, ["cannot tell how much /a holds: broken disk"]);
});

test("folders of configs that went are forgotten, those in use are not", async () => {
  const { accounts, clients } = accountsOf();
  assert.equal(await clients[0].reserve("/kept", 100, 100), true);
  for (let nth = 0; nth < 1500; nth += 1) {
    assert.equal(await clients[1].reserve(`/${nth}`, 1, 100), true);
    clients[1].settle(`/${nth}`, 1, 0);
  }
  assert.equal(accounts.folders, 1000);
  assert.equal(await clients[2].reserve("/kept", 1, 100), false);
});

test("a server without workers has an account, too", async () => {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "sub"));
    await writeFile(join(folder, "sub/a"), "0123456789");
    const account = accountWithoutWorkers();
    assert.equal(await account.reserve(folder, 11, 20), false);
    assert.equal(await account.reserve(folder, 10, 20), true);
    account.settle(folder, 10, 0);
    await rm(join(folder, "sub/a"));
    account.settle(folder, 0, -10);
    assert.equal(await account.reserve(folder, 20, 20), true);
  });
});
