import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { loadConfig, table } from "../../config/index.ts";
import { Reply } from "../../http/exchange/index.ts";
import { exchangeOf, roomContext, withTemporaryFolder } from "../../testing/index.ts";
import { ask, withFastCgiBench } from "../../testing/fastcgi-bench.ts";
import { options } from "./options.ts";
import { Scripts } from "./script-place.ts";

test("what has no script's name, or may not be one, is asked for nowhere", () =>
  withFastCgiBench(
    (request) => request.answer(request.params.get("SCRIPT_FILENAME") ?? ""),
    async ({ peer, route, folder }) => {
      const root = join(folder, "public");
      mkdirSync(join(root, "sub"), { recursive: true });
      for (const name of ["index.php", "sub/a.php", "photo.jpg", ".hidden.php"]) {
        writeFileSync(join(root, name), "");
      }
      writeFileSync(join(folder, "secret.php"), "");
      symlinkSync("../secret.php", join(root, "out.php"));
      mkdirSync(join(root, "folder.php"));
      const one = route({ root });
      assert.equal(await ask(one, { target: "/sub/a.php" }), `200 ${root}/sub/a.php`);
      assert.equal(await ask(one, { target: "/index.php/more/x" }), `200 ${root}/index.php`);
      const { params } = peer.requests[1]!;
      assert.equal(params.get("PATH_INFO"), "/more/x");
      assert.equal(params.get("SCRIPT_NAME"), "/index.php");
      assert.equal(params.get("DOCUMENT_ROOT"), root);
      assert.equal(await ask(one, { target: "/" }), `200 ${root}/index.php`);
      assert.equal(peer.requests[2]!.params.get("SCRIPT_NAME"), "/index.php");
      for (const target of [
        "/photo.jpg",
        "/photo.jpg/x.php",
        "/sub/a.txt",
        "/none/x.php/.hidden",
        "/none%2Fx.php",
        "/.hidden.php/x.php",
        "/sub/a.php%00.jpg",
        "/.hidden.php",
        "/out.php",
        "/folder.php",
        "/sub",
        "/sub/",
        "/%2e%2e/secret.php",
      ]) {
        let outcome: string;
        try {
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          outcome = await ask(one, { target });
        } catch {
          outcome = "no such path"; // which the engine refuses
        }
        assert.match(outcome, /notFound|forbidden|no such path|methodUnknown/, target);
      }
      assert.equal(peer.requests.length, 3);
    },
  ));

test("a program at an address may have scripts that are not here", () =>
  withFastCgiBench(
    (request) => {
      const { params } = request;
      request.answer(`${params.get("SCRIPT_FILENAME")} ${params.get("PATH_INFO") ?? ""}`);
    },
    async ({ route, folder }) => {
      mkdirSync(join(folder, "folder.php"));
      writeFileSync(join(folder, "photo.jpg"), "");
      const one = route({ root: folder });
      assert.equal(await ask(one, { target: "/none.php" }), `200 ${folder}/none.php`);
      assert.equal(await ask(one, { target: "/no/x.php/p.php" }), `200 ${folder}/no/x.php /p.php`);
      assert.equal(
        await ask(one, { target: "/folder.php/x.php" }),
        `200 ${folder}/folder.php/x.php`,
      );
      const there = route({ root: folder, backendRoot: "/srv" });
      assert.equal(await ask(there, { target: "/none.php/p" }), "200 /srv/none.php /p");
      assert.equal(await ask(one, { target: "/photo.jpg/x.php" }), "notFound");
    },
  ));

test("a program of the server's own has the scripts that are here", () =>
  withTemporaryFolder(async (folder) => {
    const loaded = loadConfig(
      `fastcgi = { spawn = "php-cgi", root = "${folder}" }`,
      join(folder, "portico.toml"),
      table({ fastcgi: options }),
    );
    assert.ok(!Array.isArray(loaded));
    const scripts = new Scripts(loaded.value.fastcgi, roomContext({ route: "/*.php" }));
    const place = await scripts.of(exchangeOf({ target: "/none.php" }));
    assert.ok(place instanceof Failure && place.code === "notFound");
  }));

test("without a folder the route's suffix ends the program's name", () =>
  withFastCgiBench(
    (request) => {
      const { params } = request;
      request.answer(`${params.get("SCRIPT_NAME")} ${params.get("PATH_INFO") ?? ""}`);
    },
    async ({ route }) => {
      const one = route({}, { route: "/a/*.php" });
      assert.equal(await ask(one, { target: "/a/x.php/more" }), "200 /a/x.php /more");
      assert.equal(await ask(one, { target: "/a/x.php" }), "200 /a/x.php");
    },
  ));

test("a folder is where its index is, with a slash", () =>
  withFastCgiBench(
    (request) => request.answer("x"),
    async ({ peer, route, folder }) => {
      mkdirSync(join(folder, "sub"));
      writeFileSync(join(folder, "sub/index.php"), "");
      const answer = await route({ root: folder }).answer(exchangeOf({ target: "/sub?a" }));
      assert.ok(answer instanceof Reply);
      assert.deepEqual([answer.status, answer.fields], [301, [["Location", "/sub/?a"]]]);
      assert.equal(peer.requests.length, 0);
    },
  ));

test("a program elsewhere is told of its own folders", () =>
  withFastCgiBench(
    (request) => request.answer(request.params.get("SCRIPT_FILENAME") ?? ""),
    async ({ peer, route, folder }) => {
      mkdirSync(join(folder, "sub"));
      writeFileSync(join(folder, "sub/a.php"), "");
      const one = route({ root: folder, backendRoot: "/var/www/" });
      assert.equal(await ask(one, { target: "/sub/a.php" }), "200 /var/www/sub/a.php");
      assert.equal(peer.requests[0]!.params.get("DOCUMENT_ROOT"), "/var/www/");
    },
  ));

test("one script answers for the whole route", () =>
  withFastCgiBench(
    (request) => request.answer(request.params.get("SCRIPT_FILENAME") ?? ""),
    async ({ peer, route, folder }) => {
      const script = join(folder, "front.php");
      writeFileSync(script, "");
      const asked = { target: "/app/a/b.css", prefixLength: 5 };
      assert.equal(await ask(route({ script }), asked), `200 ${script}`);
      const { params } = peer.requests[0]!;
      assert.equal(params.get("SCRIPT_NAME"), "/app");
      assert.equal(params.get("PATH_INFO"), "/a/b.css");
    },
  ));
