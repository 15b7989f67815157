import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TurnedClock, withTemporaryFolder } from "../../testing/index.ts";
import { EventDelivery } from "./event-delivery.ts";
import { EventsClient } from "./events-client.ts";
import type { EventNote, Hook } from "./messages.ts";

const NOBODY: Hook = { run: null, post: null, atOnce: 4, timeoutMs: 10_000 };
const DAY = 24 * 60 * 60_000;

/** A delivery in `folder`, what it logs, and a client of it. */
function deliveryIn(folder: string | null, clock = new TurnedClock()) {
  const lines: string[] = [];
  const line = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const log = {
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
  };
  const delivery = new EventDelivery({ clock, log, folder });
  const kept: Promise<void>[] = [];
  const client = new EventsClient(clock, (note: EventNote) => kept.push(delivery.note(note)));
  const tell = async (hook: Partial<Hook>, name = "a.txt"): Promise<void> => {
    const what = { route: "/up/*", name, path: `/srv/${name}`, size: 3, type: "text/plain" };
    client.stored({ ...NOBODY, ...hook }, { ...what, sha256: "ab" });
    await Promise.all(kept);
  };
  return { delivery, tell, lines, clock };
}

/** Waits until `what` holds; a test that waits for ever fails by the runner's bound. */
async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(5);
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

/** A command that adds its input, which is a line, to `file`. */
function noteIn(file: string): string[] {
  return ["/bin/sh", "-c", 'cat >> "$0"', file];
}

test("a program is told all that is known of what was stored", async () => {
  await withTemporaryFolder(async (folder) => {
    const { delivery, tell, lines } = deliveryIn(folder);
    const seen = join(folder, "seen");
    await tell({ run: noteIn(seen) });
    await until(() => linesOf(seen).length === 1);
    await delivery.stop(5000);
    const { id, ...event } = JSON.parse(linesOf(seen)[0]!) as Record<string, unknown>;
    assert.match(String(id), /^[0-9a-f-]{36}$/);
    assert.deepEqual(event, {
      time: "2026-01-02T03:04:05.000Z",
      route: "/up/*",
      name: "a.txt",
      path: "/srv/a.txt",
      size: 3,
      type: "text/plain",
      sha256: "ab",
    });
    assert.deepEqual(lines, []);
    assert.equal(statSync(join(folder, "events.sqlite")).mode & 0o077, 0);
  });
});

test("without events nothing is opened or made", async () => {
  await withTemporaryFolder(async (folder) => {
    const { delivery, tell } = deliveryIn(folder);
    await delivery.start();
    await delivery.stop(0);
    await tell(NOBODY);
    assert.ok(!existsSync(join(folder, "events.sqlite")));
  });
});

test("what fails is tried again, later and later, and told of once", async () => {
  await withTemporaryFolder(async (folder) => {
    const { delivery, tell, lines, clock } = deliveryIn(folder);
    const tries = join(folder, "tries");
    const works = join(folder, "works");
    const run = ["/bin/sh", "-c", 'echo >> "$0"; test -e "$1"', tries, works];
    await tell({ run });
    await until(() => lines.length === 1);
    for (const waitMs of [1000, 2000, 4000]) {
      const before = linesOf(tries).length;
      clock.turn(waitMs - 1);
      await tell(NOBODY); // whatever comes, the time is not yet
      await delivery.start();
      assert.equal(linesOf(tries).length, before);
      clock.turn(1);
      await delivery.start();
      await until(() => lines.length === before + 1);
    }
    writeFileSync(works, "");
    clock.turn(8000);
    await delivery.start();
    await until(() => lines.length === 5);
    await delivery.stop(5000);
    const failed = "/bin/sh was not told of a.txt: it ended with 1";
    assert.deepEqual(lines, [
      `warn ${failed}; it is tried again, as are others, for a day`,
      ...[1, 2, 3].map(() => `debug ${failed}`),
      "info /bin/sh takes events again",
    ]);
  });
});

test("after a day it is dropped, which is told", async () => {
  await withTemporaryFolder(async (folder) => {
    const { delivery, tell, lines, clock } = deliveryIn(folder);
    await tell({ run: ["/bin/false"] });
    await until(() => lines.length === 1);
    clock.turn(DAY);
    await delivery.start();
    await until(() => lines.length === 2);
    clock.turn(DAY);
    await delivery.start();
    await delivery.stop(5000);
    assert.equal(lines.length, 2);
    assert.match(
      lines[1]!,
      /^error \/bin\/false was not told of a\.txt: .*; it is not tried again$/,
    );
  });
});

test("what was kept is told by the next server, where it was told to nobody", async () => {
  await withTemporaryFolder(async (folder) => {
    const seen = join(folder, "seen");
    const first = deliveryIn(folder);
    const slow = ["/bin/sh", "-c", "sleep 600"];
    await first.tell({ run: slow, atOnce: 1 }, "cut");
    await first.tell({ run: slow, atOnce: 1 }, "waits");
    await first.delivery.stop(0);
    const rewritten = JSON.stringify({ run: noteIn(seen) });
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(join(folder, "events.sqlite"));
    database.prepare("UPDATE deliveries SET lane = ?").run(rewritten);
    database.close();
    const second = deliveryIn(folder);
    await second.delivery.start();
    await until(() => linesOf(seen).length === 2);
    await second.delivery.stop(5000);
    const names = linesOf(seen).map((line) => (JSON.parse(line) as { name: string }).name);
    assert.deepEqual(names, ["cut", "waits"]);
    const third = deliveryIn(folder);
    await third.delivery.start();
    await third.delivery.stop(5000);
    assert.equal(linesOf(seen).length, 2);
  });
});

test("no more are told at once than may be, and a lane that fails holds up no other", async () => {
  await withTemporaryFolder(async (folder) => {
    const { delivery, tell } = deliveryIn(folder);
    const at = (name: string): string => join(folder, name);
    const [begun, seen, go] = [at("begun"), at("seen"), at("go")];
    const waits = 'echo >> "$0"; until [ -e "$1" ]; do sleep 0.01; done';
    const run = ["/bin/sh", "-c", waits, begun, go];
    for (const name of "abcde") await tell({ run, atOnce: 2 }, name);
    await tell({ run: noteIn(seen), atOnce: 1 });
    await until(() => linesOf(seen).length === 1 && linesOf(begun).length === 2);
    await sleep(50);
    assert.equal(linesOf(begun).length, 2);
    writeFileSync(go, "");
    await until(() => linesOf(begun).length === 5);
    await delivery.stop(5000);
  });
});

test("a stop waits for what is under way", async () => {
  await withTemporaryFolder(async (folder) => {
    const { delivery, tell } = deliveryIn(folder);
    const seen = join(folder, "seen");
    await tell({ run: ["/bin/sh", "-c", 'sleep 0.1; echo done >> "$0"', seen] });
    await delivery.stop(30_000);
    assert.deepEqual(linesOf(seen), ["done"]);
    const next = deliveryIn(folder);
    await next.delivery.start();
    await next.delivery.stop(0);
    assert.deepEqual(linesOf(seen), ["done"]);
  });
});

test("a stop twice, and an event behind it, break nothing", async () => {
  await withTemporaryFolder(async (folder) => {
    const { delivery, tell, lines } = deliveryIn(folder);
    await tell({ run: ["/bin/sleep", "600"] });
    await Promise.all([delivery.stop(30_000), delivery.stop(0)]);
    await tell({ run: ["/bin/true"] });
    assert.deepEqual(lines, ["error events are not kept: the server has stopped"]);
  });
});

test("a folder that can't be used costs events, not the server, and for no longer", async () => {
  await withTemporaryFolder(async (folder) => {
    const later = join(folder, "later");
    const { delivery, tell, lines } = deliveryIn(later);
    await tell({ run: ["/bin/true"] });
    assert.match(lines.join("\n"), /^error events are not kept: [^\n]*$/);
    mkdirSync(later);
    const seen = join(folder, "seen");
    await tell({ run: noteIn(seen) });
    await until(() => linesOf(seen).length === 1);
    await delivery.stop(5000);
  });
});

test("without a data folder events are told all the same", async () => {
  await withTemporaryFolder(async (folder) => {
    const { delivery, tell, lines } = deliveryIn(null);
    const seen = join(folder, "seen");
    await tell({ run: noteIn(seen) });
    await until(() => linesOf(seen).length === 1);
    await delivery.stop(5000);
    assert.deepEqual(lines, ["warn events are kept in memory only: there is no data folder"]);
  });
});

test("a clock that was set back holds nothing up", async () => {
  await withTemporaryFolder(async (folder) => {
    const seen = join(folder, "seen");
    const { delivery, tell, clock } = deliveryIn(folder);
    await tell({ run: ["/bin/sh", "-c", 'echo >> "$0"; exit 1', seen] });
    await until(() => linesOf(seen).length === 1);
    await delivery.stop(5000);
    clock.turn(-100 * DAY);
    const next = deliveryIn(folder, clock);
    await next.delivery.start();
    await until(() => linesOf(seen).length === 2);
    await next.delivery.stop(5000);
  });
});
