import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { Spools } from "../../storage/index.ts";
import { LogNotes, withSpools, withTemporaryFolder } from "../../testing/index.ts";
import type { RequestBody } from "../exchange/index.ts";
import { spoolBody } from "./spool-body.ts";

const KIB = 1024;

/** A body that comes in pieces of `pieceBytes`, and ends as `end` says. */
class GivenBody implements RequestBody {
  readonly length: number | null;
  bytesMax = Infinity;
  readonly readyBytes = 0;
  #left: Buffer;
  readonly #pieceBytes: number;
  readonly #end: Failure | Error | null;

  constructor(content: Buffer, pieceBytes: number, end: Failure | Error | null, isSized: boolean) {
    this.#left = content;
    this.#pieceBytes = pieceBytes;
    this.#end = end;
    this.length = isSized ? content.length : null;
  }

  async read(): Promise<Uint8Array | null | Failure> {
    return this.#left.length === 0 ? this.#ended() : this.#next(this.#pieceBytes);
  }

  async fill(into: Uint8Array): Promise<number | Failure> {
    if (this.#left.length < into.length) {
      const end = this.#ended();
      if (end !== null) return end;
    }
    const piece = this.#next(into.length);
    into.set(piece);
    return piece.length;
  }

  #next(bytes: number): Buffer {
    const piece = this.#left.subarray(0, bytes);
    this.#left = this.#left.subarray(bytes);
    return piece;
  }

  #ended(): Failure | null {
    if (this.#end instanceof Error) throw this.#end;
    return this.#end;
  }
}

const CONTENT = Buffer.from(Uint8Array.from({ length: 1_500_000 }, (_, at) => (at * 31) % 251));

for (const isSized of [true, false]) {
  for (const bytes of [0, 1, 64 * KIB, 64 * KIB + 1, CONTENT.length]) {
    for (const pieceBytes of [1000, 64 * KIB]) {
      const how = isSized ? "announced" : "chunked";
      test(`${bytes} bytes, ${how}, by ${pieceBytes}, are there as a whole`, () =>
        withSpools(async ({ spools }) => {
          const content = CONTENT.subarray(0, bytes);
          const spool = await spoolBody(new GivenBody(content, pieceBytes, null, isSized), spools);
          assert.ok(!(spool instanceof Failure));
          assert.equal(spool.bytes, bytes);
          assert.equal(spool.memory === null, bytes > 64 * KIB);
          const read = Buffer.alloc(bytes);
          if (bytes > 0) assert.equal(await spool.read(read, 0), bytes);
          assert.deepEqual(read, content);
          spool.close();
        }));
    }
  }
}

for (const bytes of [0, 1, 1000, 70_000, CONTENT.length]) {
  test(`a body that breaks off after ${bytes} bytes leaves nothing`, () =>
    withSpools(async ({ spools }) => {
      const cut = new Failure("bodyCut");
      for (const isSized of [true, false]) {
        const body = new GivenBody(CONTENT.subarray(0, bytes), 64 * KIB, cut, isSized);
        assert.equal(await spoolBody(body, spools), cut);
      }
    }));

  test(`a body that throws after ${bytes} bytes leaves nothing`, () =>
    withSpools(async ({ spools }) => {
      const body = new GivenBody(CONTENT.subarray(0, bytes), 1000, new Error("broken"), false);
      await assert.rejects(spoolBody(body, spools), /broken/);
    }));
}

test("what can't be kept is refused by the storage's failure, and the rest is not read", () =>
  withTemporaryFolder(async (folder) => {
    const spools = new Spools({ folder: `${folder}/none`, log: new LogNotes() });
    const body = new GivenBody(CONTENT, 1000, new Error("read to its end"), true);
    const failure = await spoolBody(body, spools);
    assert.equal((failure as Failure).code, "storageFailed");
    assert.equal(spools.memoryBytes, 0);
  }));
