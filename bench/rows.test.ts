// The servers that need no Debian package answer every row, and a wrong answer is seen.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { tmpdir } from "node:os";
import { Arena } from "./arena.ts";
import { programOf } from "./backends.ts";
import { makeMaterial } from "./material.ts";
import { MISSING, notModified, ONE_KB, TINY } from "./measures/requests.ts";
import { SCRIPTED } from "./measures/scripts-under-load.ts";
import { type Request, verifiedLoad } from "./measures/under-load.ts";
import { readOptions } from "./options.ts";
import { LOADS, needLargeFiles, ROWS } from "./rows.ts";
import { contestantsFor } from "./servers/all.ts";
import { isIn } from "./servers/contestant.ts";

const folder = mkdtempSync(path.join(tmpdir(), "portico-test-"));
const material = path.join(folder, "public");
const contestants = contestantsFor(readOptions([]));
const ours = contestants.filter(({ needs }) => needs === null);
const arena = new Arena({ folder, material, firstPort: 21_700, seconds: 1 });

before(() => makeMaterial(material, false));
after(async () => {
  await arena.stop();
  rmSync(folder, { recursive: true });
});

for (const contestant of ours) {
  for (const row of LOADS) {
    if (needLargeFiles([row])) continue;
    if (!isIn(contestant, row.name)) continue;
    test(`${contestant.name} answers ${row.name} as it is to be answered`, async () => {
      const server = await arena.kept(contestant);
      const { status } = await verifiedLoad(server, material, row);
      assert.equal(status, row.request.status);
    });
  }
}

for (const row of SCRIPTED) {
  for (const { scripts, runner, ...contestant } of contestants) {
    if (!isIn(contestant, row.name) || scripts === undefined) continue;
    const { name } = contestant;
    const by = row.kind === "fastcgi" ? "php-fpm" : runner;
    const lacks = [contestant.needs?.program, by].find((one) => one !== undefined && !isHere(one));
    const skip = lacks === undefined ? !scripts(row.kind) && "it runs none" : `no ${lacks} here`;
    test(`${name} has ${row.name} answered as it is to be answered`, { skip }, async () => {
      if (by !== undefined) await arena.backend(by);
      const server = await arena.kept({ ...contestant, scripts });
      const { status } = await verifiedLoad(server, material, row);
      assert.equal(status, 200);
      const other = { ...row, request: { ...row.request, complaint: TINY.complaint } };
      await assert.rejects(verifiedLoad(server, material, other), /the answer to .* is "/u);
    });
  }
}

const WRONG: { name: string; request: Request; complaint: RegExp }[] = [
  {
    name: "a missing file where one was due",
    request: { ...ONE_KB, path: "/none.html" },
    complaint: /node-http: the answer to \/none\.html is a 404/u,
  },
  {
    name: "a file where none was due",
    request: { ...MISSING, path: "/1kb.html" },
    complaint: /is a 200/u,
  },
  {
    name: "another file",
    request: { ...ONE_KB, path: "/10kb.html" },
    complaint: /has other content than the file/u,
  },
  {
    name: "another text",
    request: { ...TINY, path: "/1kb.html" },
    complaint: /is "All day/u,
  },
  {
    name: "a file that is not as it was before",
    request: { ...notModified("/1kb.html"), headers: async () => ({ "If-None-Match": '"old"' }) },
    complaint: /is a 200/u,
  },
];
for (const { name, request, complaint } of WRONG) {
  test(`${name}: the row is not measured`, async () => {
    const server = await arena.kept(contestants.find(({ name }) => name === "node-http")!);
    await assert.rejects(verifiedLoad(server, material, { name, title: name, request }), complaint);
  });
}

test("content that differs in one byte is other content", async () => {
  const other = path.join(folder, "other");
  mkdirSync(other);
  writeFileSync(path.join(other, "1kb.html"), "b".repeat(1024));
  const server = await arena.kept(contestants.find(({ name }) => name === "node-http")!);
  const row = { name: "1kb", title: "1kb", request: ONE_KB };
  await assert.rejects(verifiedLoad(server, other, row), /has other content/u);
});

test("rows that a server is without are rows", () => {
  const names = ROWS.map(({ name }) => name);
  for (const { without, only = [] } of contestants) {
    for (const name of [...without, ...only]) assert.ok(names.includes(name), name);
  }
});

function isHere(program: string): boolean {
  if (program === "fcgiwrap" || program === "php-fpm") return programOf(program) !== null;
  return spawnSync(program, ["-v"]).error === undefined;
}
