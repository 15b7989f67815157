import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerStatus } from "../runtime/index.ts";
import { durationText, reloadText, sizeText, statusText } from "./control-text.ts";

const DURATIONS = [
  [0, "0 s"],
  [-3, "0 s"],
  [0.9, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [61, "1 min 1 s"],
  [3599, "59 min 59 s"],
  [3600, "1 h"],
  [3659, "1 h"],
  [11_520, "3 h 12 min"],
  [86_399, "23 h 59 min"],
  [86_400 * 400 + 7200, "400 d 2 h"],
] as const;
for (const [seconds, text] of DURATIONS) {
  test(`${seconds} seconds are ${text}`, () => assert.equal(durationText(seconds), text));
}

const SIZES = [
  [0, "0 B"],
  [0.4, "0 B"],
  [1023, "1023 B"],
  [1023.99, "1.0 KiB"],
  [1024, "1.0 KiB"],
  [1024 ** 2 - 1, "1.0 MiB"],
  [1.2 * 1024 ** 3, "1.2 GiB"],
  [1024 ** 6 * 5, "5120.0 PiB"],
] as const;
for (const [bytes, text] of SIZES) {
  test(`${bytes} bytes are ${text}`, () => assert.equal(sizeText(bytes), text));
}

const STATUS: ServerStatus = {
  version: "0.1.0",
  pid: 4711,
  startedAt: "2026-11-21T09:30:00.000Z",
  uptimeSeconds: 11_520,
  configFile: "/srv/shop/portico.toml",
  data: "/srv/shop/var",
  urls: ["http://127.0.0.1:8080", "unix:/run/portico.sock"],
  workers: [
    {
      index: 0,
      threadId: 1,
      connections: 8,
      requests: 120_000,
      startedAt: "2026-11-21T09:30:00.000Z",
      restarts: 0,
      generations: 0,
    },
    {
      index: 1,
      threadId: 12,
      connections: 4,
      requests: 45,
      startedAt: "2026-11-21T10:00:00.000Z",
      restarts: 2,
      generations: 0,
    },
  ],
  connections: 12,
  totals: {
    accepted: 3401,
    refused: 2,
    requests: 120_045,
    sentBytes: 1_288_490_189,
    receivedBytes: 1024,
  },
  rates: {
    over10s: { requestsPerSecond: 10.25, sentBytesPerSecond: 2048 },
    overMinute: { requestsPerSecond: 8, sentBytesPerSecond: 0 },
  },
  memoryBytes: 138_412_032,
  reloads: [
    {
      at: "2026-11-21T10:10:00.000Z",
      by: "signal",
      ok: true,
      changed: ["limits.connections: 10000 -> 500"],
      message: "",
    },
    {
      at: "2026-11-21T10:11:00.000Z",
      by: "control",
      ok: false,
      changed: [],
      message: "2 problems in portico.toml",
    },
    { at: "2026-11-21T10:12:00.000Z", by: "control", ok: true, changed: [], message: "" },
  ],
};

test("a status is aligned lines", () => {
  assert.equal(
    statusText(STATUS),
    `portico 0.1.0, process 4711, up 3 h 12 min (since 2026-11-21T09:30:00.000Z)
config       /srv/shop/portico.toml
data         /srv/shop/var
listening    http://127.0.0.1:8080
             unix:/run/portico.sock
connections  12 now, 3401 accepted, 2 refused
requests     120045; 10.3/s over 10 s, 8.0/s over a minute
sent         1.2 GiB; 2.0 KiB/s over 10 s, 0 B/s over a minute
received     1.0 KiB
memory       132.0 MiB

worker  thread  connections  requests  restarts  since
     1       1            8    120000         0  2026-11-21T09:30:00.000Z
     2      12            4        45         2  2026-11-21T10:00:00.000Z

reloads
  2026-11-21T10:10:00.000Z by SIGHUP, good: limits.connections: 10000 -> 500
  2026-11-21T10:11:00.000Z by command, refused: 2 problems in portico.toml
  2026-11-21T10:12:00.000Z by command, good: nothing changed
`,
  );
});

test("what is not there takes no lines", () => {
  const text = statusText({ ...STATUS, configFile: null, workers: [], reloads: [], urls: [] });
  assert.match(text, /^config {7}none$/m);
  assert.doesNotMatch(text, /listening|worker|reloads|\n\n/);
});

test("names with control characters write nothing to the terminal but themselves", () => {
  const text = statusText({ ...STATUS, data: "/srv/\x1b[2J\nwork" });
  assert.ok(!text.includes("\x1b"));
  assert.doesNotMatch(text, /^work$/m);
});

const RELOADS = [
  { answer: { changed: [], restart: [] }, text: "reloaded: nothing changed\n" },
  {
    answer: { changed: ["a: 1 -> 2"], restart: [] },
    text: "reloaded: 1 changed\n  a: 1 -> 2\n",
  },
  {
    answer: { changed: ["a: 1 -> 2"], restart: ["b: 1 (needs a restart)"], dryRun: true },
    text: "would reload: 1 changed, 1 needs a restart\n  a: 1 -> 2\n  b: 1 (needs a restart)\n",
  },
] as const;
for (const { answer, text } of RELOADS) {
  test(`${JSON.stringify(answer)} is told`, () => {
    assert.equal(reloadText({ ok: true, ...answer }), text);
  });
}
