import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Reply } from "../http/exchange/index.ts";
import { withTemporaryFolder } from "../testing/index.ts";
import { configFromValue, type ConfigInput } from "./config-value.ts";
import type { LoadedConfig } from "./loaded-config.ts";

const handle = (): Reply => new Reply(204);

function loaded(value: ConfigInput, base = "."): LoadedConfig {
  const config = configFromValue(value, { base });
  assert.ok(!Array.isArray(config), JSON.stringify(config));
  return config;
}

/** What is wrong with `value`: place, message and hint in a line each. */
function wrongIn(value: unknown): string[] {
  const found = configFromValue(value);
  assert.ok(Array.isArray(found), "it is good");
  return found.map(({ sourceLine, message, hint }) => `${sourceLine}: ${message} | ${hint}`);
}

test("values are what a file's are", () => {
  const { value } = loaded({
    limits: { headerBytes: "2 KiB", bodyBytes: 5 },
    timeouts: { header: "2s" },
    site: [{ hosts: ["a.test"], route: [{ path: "/a", respond: { body: "hi" } }] }],
  });
  assert.equal(value.limits.headerBytes, 2048);
  assert.equal(value.limits.bodyBytes, 5);
  assert.equal(value.timeouts.header, 2000);
  assert.equal(value.timeouts.write, 60_000);
  assert.equal(value.site[0]!.route[0]!.path, "/a");
});

test("relative paths start at the base", () =>
  withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "www"));
    const { value } = loaded({ site: [{ root: "www" }], listen: "unix:a.sock" }, folder);
    assert.equal(value.site[0]!.root, join(folder, "www"));
    assert.deepEqual(value.listen, [{ address: { kind: "unix", path: join(folder, "a.sock") } }]);
  }));

for (const [listen, ports] of [
  [8080, [8080]],
  ["127.0.0.1:81", [81]],
  [
    [8080, "81", { address: 82 }],
    [8080, 81, 82],
  ],
  [[], []],
  [undefined, []],
] as const) {
  test(`listen: ${JSON.stringify(listen)} is the ports ${ports.join(", ")}`, () => {
    const { value } = loaded({ listen });
    assert.deepEqual(
      value.listen.map(({ address }) => address.kind === "tcp" && address.port),
      ports,
    );
  });
}

test("routes alone are a site that answers any host, behind the other sites", () => {
  const { value } = loaded({
    routes: [{ path: "/a", handle }],
    site: [{ hosts: ["b.test"], route: [{ path: "/b", handle }] }],
  });
  assert.deepEqual(
    value.site.map(({ hosts, route }) => [hosts, route.map(({ path }) => path)]),
    [
      [["b.test"], ["/b"]],
      [undefined, ["/a"]],
    ],
  );
});

test("a handler comes out as it went in", () => {
  const { value, registry } = loaded({
    routes: [{ path: "/a", handle, filters: [(next) => next] }],
  });
  assert.equal((value.site[0]!.route[0] as Record<string, unknown>)["handle"], handle);
  assert.equal(registry.handlerNamed("handle").name, "handle");
});

const WRONG: readonly (readonly [value: unknown, ...wrong: RegExp[]])[] = [
  [null, /^config: here is null; this is a table/],
  ["portico.toml", /^config: "portico.toml" is text; this is a table/],
  [[], /^config: here is a list/],
  [() => 1, /^config: here is a function/],
  [{ lisen: 1 }, /^lisen: unknown key `lisen` at the top level \| did you mean `listen`\?/],
  [{ listen: 70_000 }, /^listen: "70000" is not a port/],
  [{ listen: [81, "81"] }, /^listen\[1\]: .*listened on already/],
  [{ listen: [[1]] }, /^listen\[0\]: here is a list; this is a table/],
  [{ timeouts: { header: 10 } }, /^timeouts\.header: 10 what\? A duration has a unit/],
  [{ timeouts: null }, /^timeouts: here is null; this is a table/],
  [{ limits: { bodyBytes: 1n } }, /^limits\.bodyBytes: here is a bigint; this is a size/],
  [{ limits: { bodyBytes: 1.5 } }, /^limits\.bodyBytes: 1\.5 is a number with a fraction/],
  [{ requestId: "true" }, /^requestId: "true" is text; this is a flag/],
  [{ data: new Date(0) }, /^data: here is an object of class Date; this is a folder's path/],
  [{ routes: {} }, /^routes: here is a table; this is a list \| null$/],
  [{ limits: [] }, /^limits: here is a list; this is a table \| there is only one$/],
  [{ routes: [{ path: "/a" }] }, /^routes\[0\]: this route has no handler; .*`handle`/],
  [{ routes: [{ handle }] }, /^routes\[0\]: `path` is missing/],
  [{ routes: [{ path: "a", handle }] }, /^routes\[0\]\.path: /],
  [
    { routes: [{ path: "/a", handle, respond: {} }] },
    /^routes\[0\]\.handle: a route has one handler, this one `respond` and `handle`/,
  ],
  [
    {
      routes: [
        { path: "/a", handle },
        { path: "/a", handle },
      ],
    },
    /^routes\[1\]\.path: /,
  ],
  [
    { routes: [{ path: "/", handle: "a" }] },
    /^routes\[0\]\.handle: "a" is text; this is a handler/,
  ],
  [{ routes: [{ path: "/", handle: {} }] }, /^routes\[0\]\.handle: here is a table; this is a h/],
  [
    { routes: [{ path: "/", handle, filters: handle }] },
    /^routes\[0\]\.filters: here is a function/,
  ],
  [{ routes: [{ path: "/", handle, filters: [1] }] }, /^routes\[0\]\.filters\[0\]: 1 is a number/],
  [{ routes: [{ path: "/", handel: handle }] }, /handel: unknown key .* did you mean `handle`\?/],
  [{ site: 5, routes: [] }, /^site: 5 is a number/, /^routes: unknown key `routes`/],
  [
    { site: [{ root: "nowhere" }] },
    /^site\[0\]\.root: there is no folder "nowhere".* relative to \//,
  ],
  [{ site: [{ errorPages: { "x-1": "a" } }] }, /^site\[0\]\.errorPages\["x-1"\]: /, /no file/],
  [{ workers: 0, listen: true }, /^workers: 0 is too small/, /^listen: true is a flag/],
];

for (const [value, ...wrong] of WRONG) {
  test(`told at its place: ${wrong.join(", ")}`, () => {
    const found = wrongIn(value);
    assert.equal(found.length, wrong.length, found.join("\n"));
    for (const [index, expected] of wrong.entries()) assert.match(found[index]!, expected);
  });
}

test("problems come in the order of the value", () => {
  const found = wrongIn({ log: { level: 1 }, listen: true, routes: [{ pth: 1 }], data: 1 });
  assert.deepEqual(
    found.map((line) => line.split(":")[0]),
    ["log.level", "listen", "routes[0].pth", "data"],
  );
});
