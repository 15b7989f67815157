// A parser must not care how its bytes are cut. everySplit shows it: whole, byte by byte, and cut
// in two at every place, it wants one outcome. Each piece is lent: it is overwritten once the next
// one is asked for, so that a parser which keeps a piece instead of a copy is found out.
import assert from "node:assert/strict";

/** Runs a parser over `pieces`, in order, and tells all that came of it. */
export type Run<Outcome> = (pieces: Iterable<Uint8Array>) => Outcome;

/** `wire` is latin1, a character a byte. Returns the one outcome; throws where there are two. */
export function everySplit<Outcome>(wire: string, run: Run<Outcome>): Outcome {
  const whole = run(lend([wire]));
  assert.deepEqual(run(lend(wire)), whole, "byte by byte, something else comes out");
  for (let cut = 1; cut < wire.length; cut += 1) {
    const halves = [wire.slice(0, cut), wire.slice(cut)];
    assert.deepEqual(run(lend(halves)), whole, `cut at ${cut}, something else comes out`);
  }
  return whole;
}

/** Bytes of each of `pieces`, each of them gone once the next is taken. */
export function* lend(pieces: Iterable<string>): Generator<Uint8Array> {
  for (const piece of pieces) {
    const bytes = Uint8Array.from(Buffer.from(piece, "latin1"));
    yield bytes;
    bytes.fill(0x21);
  }
}
