import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import type { ControlAnswer, ControlRequest } from "../runtime/index.ts";
import { openedControl } from "../testing/control-socket.ts";
import { moveToTemporaryFolder, portico } from "../testing/in-process.ts";

moveToTemporaryFolder();
mkdirSync("data", { mode: 0o700 });

/** What is asked, where a server answers so. */
async function asking(answer: ControlAnswer, ...args: string[]) {
  const asked: ControlRequest[] = [];
  const control = await openedControl("data", async (request) => {
    asked.push(request);
    return answer;
  });
  try {
    return { ...(await portico("session", ...args, "--data", "data")), asked };
  } finally {
    await control.close();
    control.letGo();
  }
}

const DIGEST = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
const ANN = { digest: DIGEST, user: "ann", createdMs: 1, usedMs: 2, expiresMs: 3, bytes: 4 };
const LIST = { ok: true, total: 1, sessions: [ANN] } as const;
const ENDED = { ok: true, ended: 1 } as const;

test("list asks for all, or for those of a user", async () => {
  const all = await asking(LIST, "list");
  assert.deepEqual([all.code, all.err], [0, ""]);
  assert.match(all.out, /^2c26b46b68ffc68f {2}"ann" /m);
  assert.deepEqual(all.asked, [{ command: "sessions", user: null }]);
  const ann = await asking(LIST, "list", "--user", "ann", "--json");
  assert.deepEqual(ann.asked, [{ command: "sessions", user: "ann" }]);
  assert.deepEqual(JSON.parse(ann.out), { total: 1, sessions: [ANN] });
});

for (const [args, which] of [
  [["--user", "ann"], { user: "ann" }],
  [["--user", ""], { user: "" }],
  [["--id", DIGEST.slice(0, 8).toUpperCase()], { digest: DIGEST.slice(0, 8) }],
  [["--all"], { all: true }],
] as const) {
  test(`end ${args.join(" ")} ends those`, async () => {
    const { code, out, asked } = await asking(ENDED, "end", ...args);
    assert.deepEqual([code, out], [0, "ended 1 session\n"]);
    assert.deepEqual(asked, [{ command: "endSessions", which }]);
    const json = await asking(ENDED, "end", ...args, "--json");
    assert.deepEqual(JSON.parse(json.out), { ended: 1 });
  });
}

test("that a user has no sessions is good; that there is none of an id is not", async () => {
  const none = { ok: true, ended: 0 } as const;
  assert.equal((await asking(none, "end", "--user", "ann")).code, 0);
  const { code, out, err } = await asking(none, "end", "--id", DIGEST);
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /no session of this id/);
});

test("what the server refuses is told", async () => {
  const refusal = { ok: false, message: "several sessions begin so" } as const;
  const { code, out, err } = await asking(refusal, "end", "--id", "12345678");
  assert.deepEqual([code, out, err], [1, "", "portico: several sessions begin so\n"]);
});

const WRONG = [
  ["end"],
  ["end", "--user", "ann", "--all"],
  ["end", "--id", DIGEST, "--all"],
  ["end", "--id", "1234567"],
  ["end", "--id", "1234567g"],
  ["end", "--id", `${DIGEST}0`],
  ["end", "ann"],
  ["list", "--all"],
  ["end", "--user"],
  ["lst"],
];
for (const args of WRONG) {
  test(`session ${args.join(" ")} is wrong usage, and nobody is asked`, async () => {
    const { code, out, asked } = await asking(ENDED, ...args);
    assert.deepEqual([code, out, asked], [2, "", []]);
  });
}

for (const args of [["list"], ["end", "--all"]]) {
  test(`session ${args.join(" ")} where no server runs is 1`, async () => {
    const { code, out, err } = await portico("session", ...args, "--data", "data");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /no server runs on the data folder/);
  });
}
