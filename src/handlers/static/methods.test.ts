import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { loadConfig } from "../../config/index.ts";
import type { Answer } from "../../http/exchange/index.ts";
import { servedFolder, type ServedFolder } from "../../testing/index.ts";
import { staticHandler } from "./handler.ts";
import { methodsOf } from "./methods.ts";
import { options, type StaticOptions } from "./options.ts";

const FILES = {
  "page.html": "page",
  "docs/index.html": "docs",
  "list/a.txt": "a",
  "php/index.php": "<?php secret();",
  "a b/index.php": "<?php secret();",
  "both/index.php": "<?php secret();",
  "both/index.html": "both",
};
const INDEX = 'index = ["index.php", "index.html"]';
const FRONT = 'try = ["{path}", "/front.php"]';

function optionsFrom(toml: string, root = "/tmp"): StaticOptions {
  const loaded = loadConfig(`root = ${JSON.stringify(root)}\n${toml}\n`, "static.toml", options);
  if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join());
  return loaded.value;
}

for (const [toml, claimed, expected] of [
  ["", [], ["GET", "HEAD"]],
  ["", [".php"], ["GET", "HEAD"]],
  [INDEX, [], ["GET", "HEAD"]],
  [INDEX, [".py"], ["GET", "HEAD"]],
  [`${INDEX}\nsources = true`, [".php"], ["GET", "HEAD"]],
  [INDEX, [".php"], "any"],
  ['try = ["{path}", "=404"]', [], ["GET", "HEAD"]],
  ['try = ["{path}", "{path}.html"]', [], ["GET", "HEAD"]],
  [FRONT, [], "any"],
] as const) {
  test(`${JSON.stringify(toml)} where ${claimed} is claimed takes ${expected}`, () => {
    assert.deepEqual(methodsOf(optionsFrom(toml), { claimedSuffixes: claimed }), expected);
  });
}

/** The folder, with a front controller and programs that tell how they were asked. */
function served(toml: string): Promise<ServedFolder> {
  return servedFolder(
    FILES,
    (folder, context) => {
      const own = staticHandler(optionsFrom(toml, folder), context);
      return (exchange) => {
        const { method, path, query, reroutes } = exchange;
        if (reroutes === 0 || !path.endsWith(".php")) return own(exchange);
        return new Failure(`ran ${method} ${path}?${query}`);
      };
    },
    [".php"],
  );
}

function outcome(site: ServedFolder, answer: Answer): string | number {
  site.release(answer);
  return answer instanceof Failure ? answer.code : answer.status;
}

for (const [method, target, expected] of [
  ["GET", "/php/", "ran GET /php/index.php?"],
  ["HEAD", "/php/?a=b", "ran HEAD /php/index.php?a=b"],
  ["POST", "/php/?a=b", "ran POST /php/index.php?a=b"],
  ["GET", "/a%20b/", "ran GET /a b/index.php?"],
  ["GET", "/both/", "ran GET /both/index.php?"],
  ["GET", "/php", 301],
  ["GET", "/docs/", 200],
  ["GET", "/php/index.php", "forbidden"],
  ["POST", "/php/index.php", "forbidden"],
  ["POST", "/php", "methodNotAllowed"],
  ["POST", "/docs/", "methodNotAllowed"],
  ["DELETE", "/page.html", "methodNotAllowed"],
  ["BREW", "/page.html", "methodUnknown"],
  ["OPTIONS", "/page.html", 204],
  ["POST", "/list/", "methodNotAllowed"],
  ["POST", "/none", "notFound"],
] as const) {
  test(`with an index that is a program, ${method} ${target}: ${expected}`, async () => {
    await using site = await served(`${INDEX}\nlist = true`);
    assert.equal(outcome(site, await site.answer(target, {}, method)), expected);
  });
}

for (const [method, target, expected] of [
  ["GET", "/none?a=b", "ran GET /front.php?a=b"],
  ["POST", "/none?a=b", "ran POST /front.php?a=b"],
  ["OPTIONS", "/none", "ran OPTIONS /front.php?"],
  ["PURGE", "/", "ran PURGE /front.php?"],
  ["GET", "/page.html", 200],
  ["POST", "/page.html", "methodNotAllowed"],
  ["POST", "/docs/", "methodNotAllowed"],
  ["POST", "/x.php", "forbidden"],
] as const) {
  test(`with a front controller, ${method} ${target}: ${expected}`, async () => {
    await using site = await served(FRONT);
    assert.equal(outcome(site, await site.answer(target, {}, method)), expected);
  });
}

test("who refuses a method says which are taken", async () => {
  await using site = await served(FRONT);
  const answer = await site.answer("/page.html", {}, "POST");
  assert.deepEqual(answer.fields, [["Allow", "GET, HEAD, OPTIONS"]]);
});
