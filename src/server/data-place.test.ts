import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import { dataPlace } from "./data-place.ts";

const FILE = "/srv/shop/portico.toml";
const HOME = { HOME: "/h/ann" };
const DIGEST = "0a7fc4e1"; // printf /srv/shop/portico.toml | sha256sum

const PLACES = [
  { data: "/d", file: FILE, env: { ...HOME, STATE_DIRECTORY: "/s" }, path: "/d", isDefault: false },
  { data: "/d", file: null, env: {}, path: "/d", isDefault: false },
  { file: FILE, env: { ...HOME, STATE_DIRECTORY: "/s" }, path: "/s" },
  { file: FILE, env: { ...HOME, STATE_DIRECTORY: "/s/a:/s/b" }, path: "/s/a" },
  { file: FILE, env: { STATE_DIRECTORY: "s", XDG_STATE_HOME: "/x" }, path: "/x/portico/shop-@" },
  { file: FILE, env: { STATE_DIRECTORY: "", XDG_STATE_HOME: "/x" }, path: "/x/portico/shop-@" },
  { file: FILE, env: { ...HOME, XDG_STATE_HOME: "/x" }, path: "/x/portico/shop-@" },
  { file: FILE, env: { ...HOME, XDG_STATE_HOME: "x" }, path: "/h/ann/.local/state/portico/shop-@" },
  { file: FILE, env: { ...HOME, XDG_STATE_HOME: "" }, path: "/h/ann/.local/state/portico/shop-@" },
  { file: FILE, env: HOME, path: "/h/ann/.local/state/portico/shop-@" },
];
for (const { data, file, env, path, isDefault = true } of PLACES) {
  test(`data ${data ?? "left out"} with ${JSON.stringify(env)} lies in ${path}`, () => {
    const expected = { path: path.replace("@", DIGEST), isDefault };
    assert.deepEqual(dataPlace(data, file, env), expected);
  });
}

const NOWHERE = [
  { why: "no config", file: null, env: { ...HOME, STATE_DIRECTORY: "/s", XDG_STATE_HOME: "/x" } },
  { why: "nobody's home", file: FILE, env: {} },
  { why: "an empty home", file: FILE, env: { HOME: "" } },
  { why: "a home that is no absolute path", file: FILE, env: { HOME: "ann" } },
];
for (const { why, file, env } of NOWHERE) {
  test(`without \`data\`, ${why} is no data folder`, () => {
    assert.equal(dataPlace(undefined, file, env), null);
  });
}

test("configs of one name in folders of one name have two data folders", () => {
  const [one, other] = ["/a/shop/portico.toml", "/b/shop/portico.toml"].map(
    (file) => dataPlace(undefined, file, HOME)!.path,
  );
  assert.notEqual(one, other);
});

test("two configs in a folder have two data folders", () => {
  const [one, other] = ["/a/one.toml", "/a/two.toml"].map(
    (file) => dataPlace(undefined, file, HOME)!.path,
  );
  assert.notEqual(one, other);
});

const NAMES = [
  { file: "/portico.toml", name: /^portico-[0-9a-f]{8}$/u },
  { file: "/.hidden/portico.toml", name: /^hidden-[0-9a-f]{8}$/u },
  { file: "/.../portico.toml", name: /^portico-[0-9a-f]{8}$/u },
  { file: "/-rf/portico.toml", name: /^rf-[0-9a-f]{8}$/u },
  { file: "/a b\n\x1b[1m/portico.toml", name: /^a-b-1m-[0-9a-f]{8}$/u },
  { file: "/Bücher/portico.toml", name: /^Bücher-[0-9a-f]{8}$/u },
  { file: `/${"é".repeat(120)}/portico.toml`, name: /^é{40}-[0-9a-f]{8}$/u },
  { file: `/${"𝒳".repeat(60)}/portico.toml`, name: /^𝒳{40}-[0-9a-f]{8}$/u },
];
for (const { file, name } of NAMES) {
  test(`the folder of ${JSON.stringify(file.slice(0, 40))} is called like ${name}`, () => {
    const { path } = dataPlace(undefined, file, HOME)!;
    assert.match(basename(path), name);
    assert.equal(path, `/h/ann/.local/state/portico/${basename(path)}`);
  });
}
