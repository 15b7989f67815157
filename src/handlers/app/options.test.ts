import assert from "node:assert/strict";
import { test } from "node:test";
import { Loaded, loadConfig, table } from "../../config/index.ts";
import { appTable, options } from "./options.ts";

const schema = table({ app: options });
const load = (origin: string) =>
  loadConfig(
    `app = { module = "options.ts", origins = [${JSON.stringify(origin)}] }`,
    `${import.meta.dirname}/portico.toml`,
    schema,
  );

for (const origin of ["https://a.example", "http://b.example:81", "*"]) {
  test(`pages of ${origin} may be named`, () => {
    const loaded = load(origin);
    assert.ok(loaded instanceof Loaded);
    assert.deepEqual(appTable(loaded.value.app).origins, [origin]);
  });
}

for (const origin of ["a.example", "https://a.example/", "HTTPS://a.example", "null", ""]) {
  test(`${JSON.stringify(origin)}, which no browser sends, is refused`, () => {
    const problems = load(origin);
    assert.ok(Array.isArray(problems));
    assert.match(problems.map(({ message }) => message).join(), /an origin is/);
  });
}
