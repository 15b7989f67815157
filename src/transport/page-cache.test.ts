import assert from "node:assert/strict";
import { test } from "node:test";
import { EAGAIN, type Native } from "./native.ts";
import { isInMemory } from "./page-cache.ts";

const MIB = 1024 ** 2;

interface System {
  /** Where no byte can be had without a wait. */
  readonly missing?: (offset: number) => boolean;
  /** The error of a byte that can't be had. */
  readonly error?: number;
  /** Pages that are counted; null: the system does not count. */
  readonly pages?: number | null;
}

function nativeOf({ missing = () => false, error = EAGAIN, pages = null }: System): Native {
  const never = (): never => assert.fail("not asked for here");
  return {
    fcntl: never,
    send: never,
    sendfile: never,
    peek: (_, offset) => (missing(offset) ? -1 : 1),
    cachestat: (_, _range, counts) => {
      counts[0] = BigInt(pages ?? 0);
      return pages === null ? -1 : 0;
    },
    errno: () => error,
  };
}

const UNASKABLE = { missing: () => true, error: 95 };

for (const { what, system, expected } of [
  { what: "all there", system: {}, expected: true },
  { what: "nothing there", system: { missing: () => true }, expected: false },
  { what: "its first byte missing", system: { missing: (at) => at === MIB }, expected: false },
  {
    what: "its last byte missing",
    system: { missing: (at) => at >= 2 * MIB - 1 },
    expected: false,
  },
  {
    what: "256 KiB missing amid it",
    system: { missing: (at) => at >= MIB + 300_000 && at < MIB + 300_000 + 262_144 },
    expected: false,
  },
  {
    what: "a byte missing and all counted",
    system: { missing: () => true, pages: 999 },
    expected: false,
  },
  {
    what: "bytes that can't be asked for, all counted",
    system: { ...UNASKABLE, pages: 256 },
    expected: true,
  },
  {
    what: "bytes that can't be asked for, not all counted",
    system: { ...UNASKABLE, pages: 255 },
    expected: false,
  },
  { what: "no way to tell", system: UNASKABLE, expected: false },
] as { what: string; system: System; expected: boolean }[]) {
  test(`a piece with ${what} is ${expected ? "" : "not "}in memory`, () => {
    assert.equal(isInMemory(nativeOf(system), 3, MIB, MIB), expected);
  });
}

test("a piece across page borders counts each page it touches", () => {
  const counting = (pages: number): Native => nativeOf({ ...UNASKABLE, pages });
  assert.equal(isInMemory(counting(1), 3, 4000, 200), false);
  assert.equal(isInMemory(counting(2), 3, 4000, 200), true);
});
