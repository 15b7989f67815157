// What a request parser says, written down, so that two ways of feeding it can be compared.
import assert from "node:assert/strict";
import type { Failure } from "../base/failure.ts";
import {
  RequestParser,
  type Fields,
  type Http1Head,
  type ParserStep,
  type RequestSink,
} from "../protocol/index.ts";

type FieldEntries = [name: string, value: string][];

export class RequestNotes implements RequestSink {
  readonly heads: (Omit<Http1Head, "fields" | "asked" | "kept"> & { fields: FieldEntries })[] = [];
  /** Of each request that ended, in latin1. */
  readonly bodies: string[] = [];
  readonly trailers: (FieldEntries | null)[] = [];
  /** The code. */
  violation: string | null = null;
  /** Where the parser stood at last. */
  step: ParserStep = "idle";
  #content = "";

  onHead({ fields, kept: _, ...head }: Http1Head): void {
    this.heads.push({ ...head, fields: [...fields.entries()] });
  }

  onContent(bytes: Uint8Array): void {
    this.#content += Buffer.from(bytes).toString("latin1");
  }

  onEnd(trailers: Fields | null): void {
    this.bodies.push(this.#content);
    this.#content = "";
    this.trailers.push(trailers === null ? null : [...trailers.entries()]);
  }

  onViolation(failure: Failure): void {
    assert.equal(this.violation, null, "a violation is the last that is told");
    this.violation = failure.code;
  }
}

/** Small ones, so that tests reach them. */
export const SMALL_LIMITS = { headerBytes: 256, targetBytes: 64 };

/** For everySplit: all that comes of `pieces`. */
export function parseRequests(pieces: Iterable<Uint8Array>): RequestNotes {
  const notes = new RequestNotes();
  const parser = new RequestParser(SMALL_LIMITS, notes);
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const taken = parser.feed(piece.subarray(at));
      assert.ok(taken > 0, "every call takes something");
      at += taken;
    }
  }
  notes.step = parser.step;
  return notes;
}
