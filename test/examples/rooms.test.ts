// A filter and a handler of one's own, brought in by `use`.
import assert from "node:assert/strict";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runPortico } from "../cli/run-portico.ts";
import { EXAMPLES, withExample } from "./served-example.ts";

test("the filter says how long the answer took, on every answer of its route", () =>
  withExample("custom-filter", async (example) => {
    const answer = await example.fetch("/");
    assert.equal(await answer.text(), "Hello.\n");
    assert.match(answer.headers.get("server-timing")!, /^handler;dur=\d+\.\d\d$/u);
  }));

test("the handler tells what is in its folder, newest first", () =>
  withExample("custom-handler", async (example) => {
    const notes = join(example.folder, "notes");
    writeFileSync(join(notes, "a & b.txt"), "new");
    utimesSync(join(notes, "arch.txt"), 2_000_000_000, 2_000_000_000);
    utimesSync(join(notes, "a & b.txt"), 2_100_000_000, 2_100_000_000);
    const answer = await example.fetch("/feed");
    assert.equal(answer.headers.get("content-type"), "application/atom+xml; charset=utf-8");
    const feed = await answer.text();
    assert.deepEqual(
      Array.from(feed.matchAll(/<title>([^<]*)<\/title>/gu), ([, title]) => title),
      ["Notes", "a &#38; b.txt", "arch.txt", "lime.txt"],
    );
    const [, address] = /<entry>\s*<id>([^<]*)<\/id>/u.exec(feed)!;
    assert.equal(await (await fetch(address!)).text(), "new");
    rmSync(join(notes, "a & b.txt"));
    assert.doesNotMatch(await (await example.fetch("/feed")).text(), /a &#38; b/u);
  }));

test("`check --print` shows what the filter's options come to", async () => {
  const file = join(EXAMPLES, "custom-filter/portico.toml");
  const { code, out } = await runPortico(EXAMPLES, ["check", "-c", file, "--print"]);
  assert.equal(code, 0);
  assert.match(out, /digits = 2/u);
});
