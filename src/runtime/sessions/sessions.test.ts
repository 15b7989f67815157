import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { changesTo, SESSION_WAYS, type SessionBench } from "../../testing/index.ts";
import type { SessionSettings } from "./settings.ts";

/** A test for each kind of store. */
function habit(
  sentence: string,
  use: (bench: SessionBench) => Promise<void>,
  settings: Partial<SessionSettings> = {},
): void {
  for (const { name, skip, run } of SESSION_WAYS) {
    test(`${name}: ${sentence}`, { skip }, () => run(settings, use));
  }
}

const valuesIn = async (worker: SessionBench["one"], id: string) => {
  const session = await worker.load(id);
  return session === null ? null : Object.fromEntries(session.values);
};

habit("what one worker saved the next request reads on any", async ({ one, two }) => {
  assert.equal(await two.load("a"), null);
  assert.equal(await one.create("a", changesTo({ n: 1, gone: [true] })), "saved");
  assert.deepEqual(await valuesIn(two, "a"), { n: "1", gone: "[true]" });
  assert.equal(await two.save("a", changesTo({ n: { x: 2 }, gone: undefined, m: null })), "saved");
  assert.deepEqual(await valuesIn(one, "a"), { n: '{"x":2}', m: "null" });
  assert.equal(await one.load("b"), null);
  assert.equal(await one.save("b", changesTo({ n: 1 })), "gone");
  assert.equal(await one.load("b"), null);
});

habit("requests of one session at once lose no update", async ({ one, two }) => {
  await one.create("a", changesTo({}));
  const saves = Array.from({ length: 200 }, (_, at) =>
    (at % 2 === 0 ? one : two).save("a", changesTo({ [`key ${at}`]: at })),
  );
  assert.deepEqual(new Set(await Promise.all(saves)), new Set(["saved"]));
  assert.equal((await one.load("a"))!.values.size, 200);
});

habit("a new id has all, and the old one is nobody's", async ({ one, two }) => {
  await one.create("a", changesTo({ cart: [1] }));
  const { createdMs } = (await one.load("a"))!;
  assert.equal(await one.rename("a", "b", changesTo({ n: 1 }, "ann")), "saved");
  assert.equal(await two.load("a"), null);
  assert.equal(await two.save("a", changesTo({ late: 1 })), "gone");
  assert.equal(await two.rename("a", "c", changesTo({ late: 1 })), "gone");
  assert.equal(await two.load("c"), null);
  const session = (await two.load("b"))!;
  assert.deepEqual([session.user, session.createdMs], ["ann", createdMs]);
  assert.deepEqual(Object.fromEntries(session.values), { cart: "[1]", n: "1" });
});

habit("a save and a new id at once come in some order", async ({ one, two }) => {
  await one.create("a", changesTo({}));
  const [renamed, saved] = await Promise.all([
    one.rename("a", "b", changesTo({}, "ann")),
    two.save("a", changesTo({ n: 1 })),
  ]);
  assert.equal(renamed, "saved");
  assert.deepEqual(await valuesIn(one, "b"), saved === "saved" ? { n: "1" } : {});
});

habit("of two that give one session new ids at once, one does", async ({ one, two }) => {
  await one.create("a", changesTo({ n: 1 }));
  const both = [one.rename("a", "b", changesTo({})), two.rename("a", "c", changesTo({}))];
  assert.deepEqual((await Promise.all(both)).toSorted(), ["gone", "saved"]);
  const found = await Promise.all([one.load("b"), one.load("c")]);
  assert.equal(found.filter((session) => session !== null).length, 1);
});

habit("what ended is gone for all, and ends twice", async ({ one, two }) => {
  await one.create("a", changesTo({ n: 1 }, "ann"));
  await two.end("a");
  assert.equal(await one.load("a"), null);
  assert.equal(await one.save("a", changesTo({ n: 2 })), "gone");
  await one.end("a");
  await one.end("never");
  assert.equal(await one.load("a"), null);
});

habit("an id that is taken is not taken over", async ({ one, two }) => {
  await one.create("a", changesTo({ n: 1 }, "ann"));
  await one.create("b", changesTo({ n: 2 }));
  const others = two.create("c", changesTo({ n: 3 }));
  await assert.rejects(two.create("a", changesTo({ n: 0 })), { name: "SessionsUnavailable" });
  await assert.rejects(two.rename("b", "a", changesTo({})), { name: "SessionsUnavailable" });
  assert.equal(await others, "saved");
  assert.deepEqual(await valuesIn(one, "a"), { n: "1" });
  assert.deepEqual(await valuesIn(one, "b"), { n: "2" });
});

const ODD = ["", "__proto__", "constructor", "a\0b", "\n", '"', "\\", "ü", "\u{1f600}", "\ud800"];
habit("keys are any strings, and values any JSON", async ({ one, two }) => {
  const values = new Map(ODD.map((key, at) => [key, JSON.stringify([key, at, { [key]: null }])]));
  assert.equal(await one.create("a", { values }), "saved");
  assert.deepEqual(new Map((await two.load("a"))!.values), values);
  await two.save("a", { values: new Map([["__proto__", null]]) });
  values.delete("__proto__");
  assert.deepEqual(new Map((await one.load("a"))!.values), values);
});

habit("users have any name that can be told from others", async ({ one, two, main }) => {
  for (const [at, user] of ["", "ann", "ann ", "strangers", "\u{1f600}*", "a\nb"].entries()) {
    await one.create(`id ${at}`, changesTo({}, user));
    assert.equal((await two.load(`id ${at}`))!.user, user);
    assert.equal((await main.list(user)).total, 1);
  }
  for (const user of ["\ud800", "a\0b"]) {
    await assert.rejects(one.create("b", changesTo({}, user)), TypeError);
    await assert.rejects(one.rename("id 0", "b", changesTo({}, user)), TypeError);
  }
  assert.equal(await one.save("id 0", changesTo({}, null)), "saved");
  assert.equal((await two.load("id 0"))!.user, null);
});

// "k" as JSON is 3 bytes, and so many x 2 more than they are.
const filled = (bytes: number) => changesTo({ k: "x".repeat(bytes - 5) });

habit(
  "one that would pass its bound stays as it is",
  async ({ one, two, main }) => {
    assert.equal(await one.create("a", filled(101)), "tooLarge");
    assert.equal(await one.load("a"), null);
    assert.equal(await one.create("a", filled(100)), "saved");
    for (const changes of [
      changesTo({ m: 1 }),
      filled(101),
      changesTo({}, "u"),
      changesTo({ ü: 1, k: "" }),
    ]) {
      const isSmall = changes.values.has("ü");
      assert.equal(await two.save("a", changes), isSmall ? "saved" : "tooLarge");
      assert.equal((await one.load("a"))!.values.size, isSmall ? 2 : 1);
    }
    assert.equal(await two.rename("a", "b", filled(200)), "tooLarge");
    assert.equal(await two.load("b"), null);
    const { sessions } = await main.list(null);
    assert.deepEqual(
      sessions.map(({ bytes }) => bytes),
      [5 + 5],
    );
  },
  { bytesMax: 100 },
);

habit("after its bound was made smaller, one may still shrink", async ({ one, main }) => {
  await one.create("a", changesTo({ k: "x".repeat(500), m: "x".repeat(500) }));
  for (const end of [main, one]) end.bounds = { ...end.bounds, bytesMax: 100 };
  assert.equal(await one.save("a", changesTo({ n: 1 })), "tooLarge");
  assert.equal(await one.save("a", changesTo({ n: 1, k: undefined })), "saved");
  assert.equal(await one.save("a", changesTo({ n: 22 })), "tooLarge");
  assert.deepEqual([...(await one.load("a"))!.values.keys()].toSorted(), ["m", "n"]);
});

habit(
  "of too many strangers the one goes that was used longest ago, and no user",
  async ({ one, two, main }) => {
    await one.create("user", changesTo({}, "ann"));
    for (const id of ["a", "b", "c"]) {
      assert.equal(await one.create(id, changesTo({})), "saved");
      await delay(20); // a use is noted where the last is older than a hundredth of `idleMs`
    }
    await two.load("a");
    await two.save("c", changesTo({ n: 1 }));
    await one.create("d", changesTo({}));
    assert.equal(await one.load("b"), null);
    // Who is somebody is no stranger any more: there is room for another.
    await one.rename("a", "ann's", changesTo({}, "ann"));
    await one.create("e", changesTo({}));
    for (const id of ["user", "ann's", "c", "d", "e"]) assert.notEqual(await two.load(id), null);
    assert.equal((await main.list(null)).total, 5);
    await one.save("ann's", changesTo({}, null));
    assert.equal((await main.list(null)).total, 4);
  },
  { strangersMax: 3, idleMs: 1000 },
);

habit("those of a user end at once, and no others", async ({ one, two, main }) => {
  for (const id of ["a", "b"]) await one.create(id, changesTo({ n: 1 }, "ann"));
  await one.create("c", changesTo({}, "ann*"));
  await one.create("d", changesTo({}));
  assert.equal(await main.end({ user: "nobody" }), 0);
  assert.equal(await main.end({ user: "ann" }), 2);
  for (const id of ["a", "b"]) {
    assert.equal(await two.load(id), null);
    assert.equal(await two.save(id, changesTo({ n: 2 })), "gone");
  }
  assert.deepEqual([(await main.list("ann")).total, (await main.list(null)).total], [0, 2]);
  assert.equal(await main.end({ all: true }), 2);
  assert.deepEqual(await main.list(null), { total: 0, sessions: [] });
  assert.equal(await one.load("d"), null);
});

habit("one is listed by its digest, and ends by its beginning", async ({ one, two, main }) => {
  await one.create("a", changesTo({ n: 1 }, "ann"));
  await one.create("b", changesTo({}));
  const { total, sessions } = await main.list("ann");
  assert.equal(total, 1);
  const { digest, user, createdMs, usedMs, expiresMs, bytes } = sessions[0]!;
  // sha256sum of "a"
  assert.match(digest, /^ca978112ca1bbdcafac231b39a23dc4d/);
  assert.deepEqual([user, usedMs, bytes], ["ann", createdMs, 3 + 1 + 3]);
  assert.equal(expiresMs, usedMs + one.bounds.idleMs);
  assert.equal(await main.end({ digest: "ca978113" }), 0);
  assert.equal(await main.end({ digest: "" }), "several");
  assert.equal(await main.end({ digest: "ca978112" }), 1);
  assert.deepEqual([await two.load("a"), await main.end({ digest: "ca978112" })], [null, 0]);
  assert.notEqual(await two.load("b"), null);
});
