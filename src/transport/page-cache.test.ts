import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { test } from "node:test";
import { withFileOf } from "../testing/index.ts";
import { EAGAIN, native, PIECE_BYTES, type Native } from "./native.ts";
import { isInMemory, readAtHand } from "./page-cache.ts";
import { ways } from "./ways.ts";

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
    pread: never,
    piece: Buffer.alloc(0),
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

/** Lends a file of 100 000 bytes, on a file system that can tell what is in memory, or not. */
async function withFile(use: (fd: number, content: Buffer) => void): Promise<void> {
  await withFileOf(100_000, (path, content) => {
    const fd = openSync(path, "r");
    try {
      use(fd, content);
    } finally {
      closeSync(fd);
      ways.isInMemory = null;
      ways.native = true;
    }
  });
}

test("a small piece that was just written is at hand", () =>
  withFile((fd, content) => {
    for (const [offset, length] of [
      [0, 1],
      [4095, 3],
      [50_000, PIECE_BYTES],
      [99_999, 1],
    ] as const) {
      const piece = readAtHand(fd, offset, length);
      // A temporary folder in memory can't be asked.
      if (piece === null) assert.equal(native()!.errno(), 95);
      else assert.deepEqual(Buffer.from(piece), content.subarray(offset, offset + length));
    }
  }));

test("a piece that is large, cold, or not all there is not at hand", () =>
  withFile((fd) => {
    assert.equal(readAtHand(fd, 0, PIECE_BYTES + 1), null);
    assert.equal(readAtHand(fd, 99_990, 11), null);
    assert.equal(readAtHand(fd, 200_000, 1), null);
    assert.equal(readAtHand(-1, 0, 1), null);
    ways.isInMemory = () => false;
    assert.equal(readAtHand(fd, 0, 1), null);
    ways.isInMemory = null;
    ways.native = false;
    assert.equal(readAtHand(fd, 0, 1), null);
  }));
