import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../base/failure.ts";
import { blocks, slabs, type BlockPool } from "../storage/index.ts";
import type { RequestBody } from "./exchange/index.ts";
import { pourBody } from "./pour-body.ts";

/** How a body comes: in these pieces, and with this at its end. */
class GivenBody implements RequestBody {
  readonly length: number | null;
  bytesMax = Infinity;
  readonly readyBytes: number;
  fills = 0;
  readonly #pieces: Buffer[];
  readonly #end: Failure | null;

  constructor(
    pieces: readonly Buffer[],
    length: number | null,
    end: Failure | null = null,
    readyBytes = 0,
  ) {
    this.readyBytes = readyBytes;
    this.length = length;
    this.#pieces = [...pieces];
    this.#end = end;
  }

  async read(): Promise<Uint8Array | null | Failure> {
    return this.#pieces.shift() ?? this.#end;
  }

  async fill(into: Uint8Array): Promise<number | Failure> {
    this.fills += 1;
    let filled = 0;
    while (filled < into.length) {
      const piece = this.#pieces.shift();
      if (piece === undefined) return this.#end ?? filled;
      const taken = piece.subarray(0, into.length - filled);
      into.set(taken, filled);
      filled += taken.length;
      if (taken.length < piece.length) this.#pieces.unshift(piece.subarray(taken.length));
    }
    return filled;
  }
}

const PIECE = 64 * 1024;

function piecesOf(content: Buffer, bytes: number): Buffer[] {
  const count = Math.ceil(content.length / bytes);
  return Array.from({ length: count }, (_, at) => content.subarray(at * bytes, (at + 1) * bytes));
}

function contentOf(bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) content.writeUInt32LE(at, at);
  return content;
}

/** Takes what comes, late, so that whoever gives a piece again too early is seen. */
class Taker {
  readonly pieces: Buffer[] = [];
  #isBusy = false;

  readonly take = async (piece: Uint8Array): Promise<Failure | null> => {
    assert.ok(!this.#isBusy, "one piece at a time");
    this.#isBusy = true;
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    this.pieces.push(Buffer.from(piece));
    this.#isBusy = false;
    return null;
  };

  get content(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

/** All the blocks that there are, for a while. */
async function withoutBlocks(use: (taken: readonly Uint8Array[]) => Promise<void>): Promise<void> {
  const [taken, large] = [allOf(blocks), allOf(slabs)];
  try {
    await use(taken);
  } finally {
    for (const block of taken) blocks.give(block);
    for (const slab of large) slabs.give(slab);
  }
}

function allOf(pool: BlockPool): Uint8Array[] {
  const taken: Uint8Array[] = [];
  for (let block = pool.tryTake(); block !== null; block = pool.tryTake()) taken.push(block);
  return taken;
}

function freeBlocks(): number {
  const all = [blocks, slabs].map((pool) => {
    const taken = allOf(pool);
    for (const block of taken) pool.give(block);
    return taken.length;
  });
  return all[0]! + all[1]!;
}

const SIZES = [0, 1, PIECE, 3 * PIECE, 512 * 1024, 512 * 1024 + 1, 3_000_000];
const WAYS: readonly [what: string, bytes: number, isAnnounced: boolean][] = [
  ["fast", PIECE, true],
  ["fast, in chunks", PIECE, false],
  ["in drops", 1000, true],
];
for (const [what, pieceBytes, isAnnounced] of WAYS) {
  for (const bytes of SIZES) {
    test(`${bytes} bytes that come ${what} are handed on whole, and in order`, async () => {
      const content = contentOf(bytes);
      const before = freeBlocks();
      const body = new GivenBody(piecesOf(content, pieceBytes), isAnnounced ? bytes : null);
      const taker = new Taker();
      assert.equal(await pourBody(body, taker.take), null);
      assert.ok(taker.content.equals(content));
      const isWorthBlocks = bytes >= 2 * PIECE || (!isAnnounced && bytes >= PIECE);
      assert.equal(body.fills > 0, pieceBytes === PIECE && isWorthBlocks);
      assert.equal(freeBlocks(), before);
    });
  }
}

test("a block that is still being written from is nobody else's", async () => {
  const content = contentOf(600_000);
  const pieces: Buffer[] = [];
  const body = new GivenBody(piecesOf(content, PIECE), content.length);
  const outcome = await pourBody(body, async (piece) => {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    // Whoever is given a block writes to it.
    await withoutBlocks(async (taken) => {
      for (const block of taken) block.fill(0xff);
    });
    pieces.push(Buffer.from(piece));
    return null;
  });
  assert.equal(outcome, null);
  assert.ok(Buffer.concat(pieces).equals(content));
});

test("without blocks it goes on in pieces as they come", () =>
  withoutBlocks(async () => {
    const content = contentOf(3_000_000);
    const body = new GivenBody(piecesOf(content, PIECE), content.length);
    const taker = new Taker();
    assert.equal(await pourBody(body, taker.take), null);
    assert.ok(taker.content.equals(content));
    assert.equal(body.fills, 0);
  }));

for (const [readyBytes, fills] of [
  [16 * 1024, true],
  [16 * 1024 - 1, false],
] as const) {
  test(`${readyBytes} bytes that before ${fills ? "take a" : "take no"} block`, async () => {
    const content = contentOf(200_000);
    const body = new GivenBody(piecesOf(content, 1000), content.length, null, readyBytes);
    const taker = new Taker();
    assert.equal(await pourBody(body, taker.take), null);
    assert.ok(taker.content.equals(content));
    assert.equal(body.fills > 0, fills);
  });
}

test("drops never take a block", async () => {
  const body = new GivenBody(piecesOf(contentOf(100_000), 100), 100_000);
  assert.equal(await pourBody(body, new Taker().take), null);
  assert.equal(body.fills, 0);
});

for (const pieceBytes of [1000, PIECE]) {
  for (const [what, bytes] of [
    ["at once", 0],
    ["later", 1_000_000],
  ] as const) {
    test(`a body of ${pieceBytes}-byte pieces that fails ${what} is a failure`, async () => {
      const before = freeBlocks();
      const failure = new Failure("bodyTooSlow");
      const body = new GivenBody(piecesOf(contentOf(bytes), pieceBytes), 2_000_000, failure);
      assert.equal(await pourBody(body, new Taker().take), failure);
      assert.equal(freeBlocks(), before);
    });
  }
}

for (const pieceBytes of [1000, PIECE]) {
  for (const refusedAt of [1, 2, 4]) {
    test(`what fails at piece ${refusedAt} of ${pieceBytes} bytes ends it`, async () => {
      const before = freeBlocks();
      const failure = new Failure("storageFull");
      const body = new GivenBody(piecesOf(contentOf(2_000_000), pieceBytes), 2_000_000);
      let taken = 0;
      const outcome = await pourBody(body, async () => (++taken === refusedAt ? failure : null));
      assert.equal(outcome, failure);
      assert.equal(taken, refusedAt);
      assert.equal(freeBlocks(), before);
    });
  }
  test(`a taker that throws at pieces of ${pieceBytes} bytes throws through`, async () => {
    const before = freeBlocks();
    const body = new GivenBody(piecesOf(contentOf(2_000_000), pieceBytes), 2_000_000);
    let taken = 0;
    const take = async (): Promise<null> => {
      if (++taken === 3) throw new Error("ours");
      return null;
    };
    await assert.rejects(pourBody(body, take), /ours/);
    assert.equal(freeBlocks(), before);
  });
}
