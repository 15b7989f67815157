import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig, table } from "../../config/index.ts";
import { options } from "./options.ts";

/** What is wrong with a route's `fastcgi`, in words; null: nothing. */
function complaint(fastcgi: string): string | null {
  const loaded = loadConfig(`fastcgi = ${fastcgi}`, "/portico.toml", table({ fastcgi: options }));
  return Array.isArray(loaded) ? loaded.map(({ message }) => message).join("; ") : null;
}

for (const fastcgi of [
  '{ address = "unix:/run/php.sock" }',
  '{ address = "127.0.0.1:9000", root = "/", backendRoot = "/var/www/html" }',
  '{ spawn = "php-cgi" }',
  '{ spawn = ["/usr/bin/php-cgi", "-d", "opcache.enable=1"], workers = 8 }',
  '{ spawn = "php-cgi", script = "/etc/passwd" }',
]) {
  test(`takes ${fastcgi}`, () => assert.equal(complaint(fastcgi), null));
}

for (const [fastcgi, words] of [
  ["{ }", /name an `address`/],
  ['{ address = "9000", spawn = "php-cgi" }', /either `address` or `spawn`/],
  ['{ spawn = "" }', /name a program/],
  ["{ spawn = [] }", /name a program/],
  ['{ spawn = "php-cgi -n" }', /as a list/],
  ['{ spawn = "./php-cgi" }', /absolute/],
  ['{ spawn = "php-cgi", workers = 0 }', /1/],
  ['{ spawn = "php-cgi", root = "/", script = "/etc/passwd" }', /either `root` or `script`/],
  ['{ spawn = "php-cgi", backendRoot = "/srv" }', /name that, too/],
  ['{ spawn = "php-cgi", root = "/", backendRoot = "srv" }', /absolute/],
  ['{ spawn = "php-cgi", suffixes = ["php"] }', /begins with a dot/],
  ['{ spawn = "php-cgi", index = ["a/index.php"] }', /without folders/],
  ['{ spawn = "php-cgi", root = "/nowhere" }', /./],
] as const) {
  test(`refuses ${fastcgi}`, () => assert.match(complaint(fastcgi) ?? "", words));
}
