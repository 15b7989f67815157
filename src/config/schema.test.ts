import assert from "node:assert/strict";
import { test } from "node:test";
import * as config from "./schema.ts";
import type { Address } from "./address.ts";
import type { Infer, Schema } from "./shape.ts";

// Holds only where both types are the same, `any`, `readonly` and `undefined` told apart.
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flat<T> = T extends object ? { [Key in keyof T]: T[Key] } : T;

const { optional, table } = config;
const doc = "";
const route = table({
  path: config.text({ doc }),
  redirect: optional(
    table({ to: config.text({ doc }), status: config.oneOf([301, 308], { doc, fallback: 308 }) }),
  ),
});
const whole = table({
  workers: config.either([config.oneOf(["auto"], { doc }), config.integer({ doc })], { doc }),
  limits: table({ bytes: config.size({ doc, fallback: "1 KiB" }) }),
  idle: optional(config.duration({ doc })),
  address: config.address({ doc }),
  headers: config.record(config.text({ doc }), { doc }),
  routes: config.list(route, { doc }),
});

type Route = { path: string; redirect: { to: string; status: 301 | 308 } | undefined };
type Whole = Infer<typeof whole>;

const TYPES = [
  true satisfies Same<Infer<typeof route>, Route>,
  true satisfies Same<Flat<Whole["limits"]>, { bytes: number }>,
  true satisfies Same<Whole["workers"], number | "auto">,
  true satisfies Same<Whole["idle"], number | undefined>,
  true satisfies Same<Whole["address"], Address>,
  true satisfies Same<Whole["headers"], Record<string, string>>,
  true satisfies Same<Whole["routes"], Route[]>,
  // @ts-expect-error A key that the schema lacks is no key of the type.
  true satisfies Same<Whole["nothing"], never>,
  false satisfies Same<Whole["idle"], number>,
];

test("types follow the schema exactly", () => {
  // The compiler checks the lines above; `Schema` is covariant, as rooms need it.
  const wide: Schema = route;
  assert.equal(wide, route);
  assert.equal(TYPES.length, 9);
});

test("a fallback or bound that is not of its kind is a bug of ours, so it throws", () => {
  assert.throws(() => config.size({ doc, fallback: "1 GX" }), /1 GX is malformed/);
  assert.throws(() => config.size({ doc, min: "0.3 B" }), /fractional/);
  assert.throws(() => config.duration({ doc, fallback: "30" }), /malformed/);
  assert.throws(() => config.duration({ doc, max: "x" }), /malformed/);
  assert.throws(() => config.address({ doc, fallback: "nowhere" }), /not an address/);
});

test("a table may be left out only where all its keys may", () => {
  const given = config.flag({ doc, fallback: true });
  assert.ok(config.mayBeLeftOut(table({ a: given, b: optional(config.text({ doc })) })));
  assert.ok(config.mayBeLeftOut(table({ a: table({ b: given }) })));
  assert.ok(!config.mayBeLeftOut(table({ a: given, b: config.text({ doc }) })));
  assert.ok(config.mayBeLeftOut(optional(table({ b: config.text({ doc }) }))));
});
