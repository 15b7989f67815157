import assert from "node:assert/strict";
import { test } from "node:test";
import { signed } from "../../http/signed-values.ts";
import { exchangeOf, SESSION_SETTINGS } from "../../testing/index.ts";
import { freshId, SessionCookie } from "./session-cookie.ts";

const ID = "0123456789abcdefghij_-";
const OTHERS = ["A", "B", "C", "D", "E"].map((letter) => letter.repeat(22));
const SECRET = "s".repeat(32);
const SEALED = signed(ID, SECRET);

interface How {
  readonly secure?: boolean;
  readonly secrets?: readonly string[];
  readonly sameSite?: "lax" | "strict" | "none";
}

function asked(cookie: string, { secure = false, ...settings }: How = {}) {
  const exchange = exchangeOf({ fields: cookie === "" ? {} : { Cookie: cookie } });
  Object.assign(exchange.connection, { secure });
  return { exchange, cookie: new SessionCookie({ ...SESSION_SETTINGS, cookie: "s", ...settings }) };
}

function ids(text: string, how: How = {}): string[] {
  const { cookie, exchange } = asked(text, how);
  return cookie.idsIn(exchange);
}

test("an id is 128 bits, each time others", () => {
  const all = new Set(Array.from({ length: 1000 }, freshId));
  assert.equal(all.size, 1000);
  for (const id of all) assert.deepEqual(ids(`s=${id}`), [id]);
});

const signs = { secrets: [SECRET, "old".repeat(11)] };
const CASES: [cookie: string, how: How, ids: string[]][] = [
  ["", {}, []],
  [`s=${ID}`, {}, [ID]],
  [`a=1; s="${ID}"; b=2`, {}, [ID]],
  [`s=${OTHERS[0]}; s=${ID}`, {}, [OTHERS[0]!, ID]],
  [`s=${ID}; s=${ID}`, {}, [ID]],
  [[...OTHERS, ID].map((id) => `s=${id}`).join("; "), {}, OTHERS.slice(0, 4)],
  [`${"s=x; ".repeat(100)}s=${ID}`, {}, [ID]],
  [`s=${ID}x`, {}, []],
  [`s=${ID.slice(1)}`, {}, []],
  [`s=${ID.slice(1)}.`, {}, []],
  [`s=${ID.slice(1)}%41`, {}, []],
  [`s=%30${ID.slice(1)}`, {}, []],
  [`s=${ID.slice(1)}é`, {}, []],
  ["s=", {}, []],
  ["s", {}, []],
  [`S=${ID}`, {}, []],
  [`__Host-s=${ID}`, {}, []],
  [`s=${ID}`, { secure: true }, []],
  [`__host-s=${ID}`, { secure: true }, []],
  [`s=${OTHERS[0]}; __Host-s=${ID}`, { secure: true }, [ID]],
  [`s=${SEALED}`, {}, []],
  [`s=${ID}`, signs, []],
  [`s=${SEALED}`, signs, [ID]],
  [`s=${signed(ID, signs.secrets[1]!)}`, signs, [ID]],
  [`s=${signed(ID, "another")}`, signs, []],
  [`s=${OTHERS[0]}${SEALED.slice(22)}`, signs, []],
  [`s=${SEALED.slice(0, -1)}`, signs, []],
  [`s=${SEALED}.${SEALED.slice(23)}`, signs, []],
  [`s=${signed(ID, "another")}; s=${SEALED}`, signs, [ID]],
];
for (const [text, how, expected] of CASES) {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  test(`${JSON.stringify(shown)} ${JSON.stringify(how)} shows ${expected.length}`, () => {
    assert.deepEqual(ids(text, how), expected);
  });
}

const GONE = "Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; ";
const WRITTEN: [how: How, start: string, end: string][] = [
  [{}, `s=${ID}`, "HttpOnly; SameSite=Lax"],
  [{ secure: true }, `__Host-s=${ID}`, "HttpOnly; Secure; SameSite=Lax"],
  [{ sameSite: "strict" }, `s=${ID}`, "HttpOnly; SameSite=Strict"],
  [{ sameSite: "none", secure: true }, `__Host-s=${ID}`, "HttpOnly; Secure; SameSite=None"],
  [{ sameSite: "none" }, `s=${ID}`, "HttpOnly; SameSite=Lax"],
  [signs, `s=${SEALED}`, "HttpOnly; SameSite=Lax"],
];
for (const [how, start, end] of WRITTEN) {
  test(`${start}; …; ${end} is set, and removed by the same attributes`, () => {
    const { cookie, exchange } = asked("", how);
    cookie.set(exchange, ID);
    assert.deepEqual(exchange.cookieFields, [["Set-Cookie", `${start}; Path=/; ${end}`]]);
    cookie.clear(exchange);
    const name = start.slice(0, start.indexOf("=") + 1);
    assert.deepEqual(exchange.cookieFields, [["Set-Cookie", `${name}; Path=/; ${GONE}${end}`]]);
  });
}

test("whether a client sent one is told of those that are no good, too", () => {
  const isIn = (text: string): boolean => {
    const { cookie, exchange } = asked(text);
    return cookie.isIn(exchange);
  };
  assert.deepEqual(
    [isIn("s=x"), isIn("s="), isIn("__Host-s=x"), isIn("")],
    [true, true, false, false],
  );
});
